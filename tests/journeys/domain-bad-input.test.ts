import { randomUUID } from "node:crypto";
import { MongoClient, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nastyTexts, refusedTexts } from "../support/nasty-texts.ts";
import { delivered, onSale, openShopfront, paid, reserved } from "./domain.ts";
import type { OrderAnswer, ProductAnswer, Scope, Shopfront } from "./domain.ts";
import { orderOf } from "./shop.ts";

let shop: Shopfront;
let client: MongoClient;
let db: Db;
let product: ProductAnswer;
let pending: OrderAnswer;
let bought: OrderAnswer;
let arrived: OrderAnswer;

beforeAll(async () => {
  shop = await openShopfront();
  client = await new MongoClient(shop.statecart.mongodb).connect();
  db = client.db("statecart");
  product = await onSale(shop);
  [pending, bought, arrived] = [await reserved(shop), await paid(shop), await delivered(shop)];
});

afterAll(() => client.close());

type Refused = readonly [what: string, scope: Scope, name: string, input: () => object];

/** Sends what must be refused; resolves with the code, once it is known that nothing happened. */
async function refusal(scope: Scope, name: string, input: object): Promise<string> {
  const before = await db.collection("events").countDocuments();
  const { data, errors } = await shop.send(scope, name, input);
  expect(await db.collection("events").countDocuments()).toBe(before);
  const payload = data?.[name];
  if (payload === undefined) return String(errors?.[0]?.extensions?.["code"]);
  expect(payload.order ?? payload.product ?? null).toBeNull();
  expect(payload.errors.length).toBeGreaterThan(0);
  return String(payload.errors[0]?.code);
}

const refund = (minor: unknown, currency: string): object => ({
  orderId: arrived.id,
  amount: { minor, currency },
  reason: "late",
});
const priced = (minor: unknown, currency: string): object => ({
  sku: `SKU-${randomUUID()}`,
  name: "A",
  category: "B",
  price: { minor, currency },
  onHand: 1,
});
const basket = (...items: readonly object[]): object => ({ ...orderOf("any"), items });
const lines = (quantity: unknown, of: () => OrderAnswer) => (): object => ({
  orderId: of().id,
  lines: [{ lineId: of().lines[0]?.id, quantity }],
});

const malformed: readonly Refused[] = [
  ["a price of nothing", "operator", "createProduct", () => priced(0, "EUR")],
  ["a price below nothing", "operator", "createProduct", () => priced(-1, "EUR")],
  ["a price beyond the limit", "operator", "createProduct", () => priced(1e12 + 1, "EUR")],
  ["a price in no currency", "operator", "createProduct", () => priced(1, "XXX")],
  ["a price in small letters", "operator", "createProduct", () => priced(1, "eur")],
  ["a refund of nothing", "operator", "refundOrder", () => refund(0, "EUR")],
  ["a refund below nothing", "operator", "refundOrder", () => refund(-1, "EUR")],
  ["no items", "customer", "createOrder", () => basket()],
  ["none of an item", "customer", "createOrder", () => basket({ sku: product.sku, quantity: 0 })],
  [
    "a thousand million of an item",
    "customer",
    "createOrder",
    () => basket({ sku: product.sku, quantity: 1e9 }),
  ],
  [
    "a product twice",
    "customer",
    "createOrder",
    () =>
      basket({ sku: product.sku, quantity: 1 }, { sku: product.sku.toLowerCase(), quantity: 1 }),
  ],
  [
    "101 items",
    "customer",
    "createOrder",
    () => basket(...Array.from({ length: 101 }, (_, n) => ({ sku: `SKU-${n}`, quantity: 1 }))),
  ],
  ["no unit", "operator", "shipOrder", lines(0, () => bought)],
  ["a thousand million units", "operator", "shipOrder", lines(1e9, () => bought)],
  [
    "a line twice",
    "operator",
    "shipOrder",
    () => {
      const unit = { lineId: bought.lines[0]?.id, quantity: 1 };
      return { orderId: bought.id, lines: [unit, unit] };
    },
  ],
  [
    "a card number in the place of a token",
    "customer",
    "processPayment",
    () => ({
      orderId: pending.id,
      paymentMethod: { kind: "CARD", token: "4242 4242 4242 4242" },
    }),
  ],
];

const unfit: readonly Refused[] = [
  ["minor units with decimals", "operator", "createProduct", () => priced(19.99, "EUR")],
  ["minor units as text", "operator", "createProduct", () => priced("1999", "EUR")],
  ["minor units beyond 2^53", "operator", "createProduct", () => priced(2 ** 53, "EUR")],
  ["a refund with decimals", "operator", "refundOrder", () => refund(0.5, "EUR")],
  ["half a unit", "customer", "createOrder", () => basket({ sku: product.sku, quantity: 1.5 })],
  ["no enum", "customer", "cancelOrder", () => ({ orderId: pending.id, reason: "BORED" })],
  ["no UUID", "customer", "cancelOrder", () => ({ orderId: "1", reason: "CUSTOMER" })],
  [
    "a price from a customer",
    "customer",
    "createOrder",
    () => basket({ sku: product.sku, quantity: 1, unitPrice: { minor: 1, currency: "EUR" } }),
  ],
];

const ruled: readonly (readonly [code: string, ...Refused])[] = [
  [
    "CURRENCY_MISMATCH",
    "an order in another currency",
    "customer",
    "createOrder",
    () => ({ ...basket({ sku: product.sku, quantity: 1 }), currency: "JPY" }),
  ],
  ["CURRENCY_MISMATCH", "a refund in BHD", "operator", "refundOrder", () => refund(1, "BHD")],
  [
    "CURRENCY_MISMATCH",
    "a new price in JPY",
    "operator",
    "changePrice",
    () => ({ productId: product.id, price: { minor: 1, currency: "JPY" } }),
  ],
  [
    "AMOUNT_EXCEEDS_DUE",
    "a refund of more than was paid",
    "operator",
    "refundOrder",
    () => refund(2_001, "EUR"),
  ],
  ["QUANTITY_EXCEEDS", "three of two units", "operator", "shipOrder", lines(3, () => bought)],
  [
    "LINE_NOT_FOUND",
    "a line of another order",
    "operator",
    "shipOrder",
    () => ({ orderId: bought.id, lines: [{ lineId: arrived.lines[0]?.id, quantity: 1 }] }),
  ],
  [
    "GUARD_FAILED",
    "more stock taken away than there is",
    "operator",
    "adjustStock",
    () => ({ productId: product.id, delta: -11, reason: "lost" }),
  ],
  [
    "STOCK_CHANGED",
    "a count that started from elsewhere",
    "operator",
    "setStock",
    () => ({ productId: product.id, onHand: 3, changedFrom: 9, reason: "count" }),
  ],
  [
    "MOMENT_PASSED",
    "a price planned for yesterday",
    "operator",
    "schedulePrice",
    () => ({
      productId: product.id,
      price: { minor: 1, currency: "EUR" },
      effectiveAt: "2001-01-01T00:00:00.000Z",
    }),
  ],
  [
    "FORBIDDEN",
    "a discount that a customer grants",
    "customer",
    "createOrder",
    () => ({
      ...basket({ sku: product.sku, quantity: 1 }),
      discounts: [{ code: "MINE", minor: 1 }],
    }),
  ],
  [
    "INVALID_TRANSITION",
    "a status that comes by itself",
    "operator",
    "updateOrderStatus",
    () => ({ orderId: bought.id, status: "CONFIRMED" }),
  ],
  [
    "INVALID_TRANSITION",
    "a shipment of what is not paid",
    "operator",
    "shipOrder",
    () => ({ orderId: pending.id }),
  ],
];

describe("bad input changes nothing", () => {
  test.each(malformed)("%s is not valid for the %s's %s", async (_what, scope, name, input) => {
    expect(await refusal(scope, name, input())).toBe("VALIDATION");
  });

  test.each(unfit)(
    "%s does not fit the schema of the %s's %s",
    async (_what, scope, name, input) => {
      expect(await refusal(scope, name, input())).toBe("BAD_USER_INPUT");
    },
  );

  test.each(ruled)("%s refuses %s of the %s's %s", async (code, _what, scope, name, input) => {
    expect(await refusal(scope, name, input())).toBe(code);
  });

  test.each(refusedTexts.map((text) => [JSON.stringify(text.slice(0, 30)), text]))(
    "the name %s is not valid",
    async (_shown, name) => {
      const input = { ...priced(1, "EUR"), name };
      expect(await refusal("operator", "createProduct", input)).toBe("VALIDATION");
    },
  );
});

describe("good input", () => {
  test.each([
    ["JPY", 1_999, "1999", 0],
    ["EUR", 1_999, "19.99", 2],
    ["BHD", 1_999, "1.999", 3],
  ])("has the decimals of %s", async (currency, minor, decimal, fractionDigits) => {
    const { sku } = await onSale(shop, { price: { minor, currency } });
    const { id } = await shop.order("customer", "createOrder", {
      ...basket({ sku, quantity: 1 }),
      currency,
    });
    const paymentMethod = { kind: "WALLET", token: "tok_approved" };
    await shop.order("customer", "processPayment", { orderId: id, paymentMethod });
    const found = await shop.ask<{ order: { money: object } }>(
      "customer",
      `query ($id: UUID!) { order(id: $id) {
        money { captured { minor currency decimal fractionDigits } } } }`,
      { id },
    );
    const captured = { minor, currency, decimal, fractionDigits };
    expect(found.order.money).toEqual({ captured });
  });

  test("may have any name that people have", async () => {
    const created = await Promise.all(
      nastyTexts.map(async (name) => {
        const input = { ...priced(1, "EUR"), name, category: name.slice(0, 100) };
        const answer = await shop.accept("operator", "createProduct", input);
        return { id: answer.product?.id, name };
      }),
    );
    const query = "query ($id: UUID!) { product(id: $id) { name } }";
    for (const { id, name } of created) {
      const found = await shop.ask<{ product: { name: string } }>("operator", query, { id });
      expect(found.product.name).toBe(name.trim());
    }
  });

  test("may go to any of them, too", async () => {
    const { sku } = await onSale(shop, { onHand: 1_000 });
    const input = orderOf(sku) as { personal: { contact: object; shippingAddress: object } };
    const { contact, shippingAddress } = input.personal;
    for (const name of nastyTexts) {
      const personal = {
        contact: { ...contact, name },
        shippingAddress: { ...shippingAddress, name },
      };
      const order = { ...input, personal, idempotencyKey: randomUUID(), consistency: "STRONG" };
      const { id } = await shop.order("customer", "createOrder", order);
      const query = "query ($id: UUID!) { order(id: $id) { contact { name } } }";
      const found = await shop.ask<{ order: object }>("customer", query, { id });
      expect(found.order).toEqual({ contact: { name: name.trim() } });
    }
  });
});
