import { randomUUID } from "node:crypto";
import { purchase } from "./demo-buyer.ts";
import type { Item, Purchase } from "./demo-buyer.ts";
import type { DemoShop } from "./demo-shop.ts";

/** What must be true, what was found, and whether that is so. */
export interface Finding {
  readonly invariant: string;
  readonly figure: string;
  readonly holds: boolean;
}

export interface Round {
  readonly purchases: readonly Purchase[];
  readonly stocks: ReadonlyMap<string, Stock>;
  readonly durationMs: number;
}

export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly committed: number;
  readonly available: number;
  readonly reservationCount: number;
  readonly reservations: readonly { readonly orderId: string }[];
}

interface Plan {
  readonly buyers: number;
  readonly skus: readonly string[];
  readonly onHand: number;
  readonly basketOf: (buyer: number) => readonly Item[];
}

/** Puts products on sale, lets all buyers in at once, and reads what is left. */
export async function play(shop: DemoShop, plan: Plan): Promise<Round> {
  for (const sku of plan.skus) await sell(shop, sku, plan.onHand);
  const startedAt = Date.now();
  const purchases = await Promise.all(
    Array.from({ length: plan.buyers }, (_, index) =>
      purchase(shop, {
        name: `buyer-${String(index)}`,
        items: plan.basketOf(index),
        isAwaited: index % 2 === 0,
      }),
    ),
  );
  const durationMs = Date.now() - startedAt;
  const stocks = new Map<string, Stock>();
  for (const sku of plan.skus) stocks.set(sku, await stockOf(shop, sku));
  return { purchases, stocks, durationMs };
}

const createProduct = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { product { id } } }`;
const publishProduct = `mutation ($input: PublishProductInput!) {
  publishProduct(input: $input) { version } }`;

async function sell(shop: DemoShop, sku: string, onHand: number): Promise<void> {
  const price = { minor: 1_995, currency: "EUR" };
  const created = await shop.ask<{
    readonly createProduct: { readonly product: { readonly id: string } };
  }>(shop.operator, createProduct, {
    input: { sku, name: `Demo ${sku}`, category: "Demo", price, onHand },
  });
  await shop.ask(shop.operator, publishProduct, {
    input: { productId: created.createProduct.product.id, consistency: "STRONG" },
  });
}

const readStock = `query ($sku: String!) { productBySku(sku: $sku) { stock {
  onHand reserved committed available reservationCount reservations { orderId } } } }`;

async function stockOf(shop: DemoShop, sku: string): Promise<Stock> {
  const found = await shop.ask<{ readonly productBySku: { readonly stock: Stock } }>(
    shop.operator,
    readStock,
    { sku },
  );
  return found.productBySku.stock;
}

/** A name for products that no earlier run has used. */
export function freshSkus(count: number): string[] {
  const run = randomUUID().slice(0, 8).toUpperCase();
  return Array.from({ length: count }, (_, index) => `DEMO-${run}-${String(index)}`);
}
