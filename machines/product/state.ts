import type { EntityState } from "../kernel/aggregate.ts";
import type { Money } from "../values/money.ts";
import type { Reservations } from "./reservations.ts";

/** Units by what they are there for. `onHand` counts all that lie in the warehouse. */
export interface StockBuckets {
  readonly onHand: number;
  /** Held for orders that are not confirmed. */
  readonly reserved: number;
  /** Held for confirmed orders, not shipped yet. */
  readonly committed: number;
  readonly damaged: number;
  /** Never sold, kept for errors of counting. */
  readonly safety: number;
}

/** All that a product's events add up to. Texts are empty before the product is created. */
export interface ProductContext {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly price: Money;
  /** Null when no other price is planned. */
  readonly schedule: { readonly price: Money; readonly effectiveAt: string } | null;
  readonly stock: StockBuckets;
  readonly stockPolicy: {
    readonly kind: "DENY" | "BACKORDER";
    /** Units that may be sold before they are there. */
    readonly backorderLimit: number;
  };
  /** Live ones only, by line id. */
  readonly reservations: Reservations;
  readonly reservationCount: number;
  readonly createdAt: string;
}

export type ProductState = EntityState<ProductContext>;

/** The states of the regions, as in `machine.ts`. */
interface ProductRegions {
  readonly lifecycle: "none" | "draft" | "active" | "unlisted" | "discontinued" | "archived";
  readonly price: "current" | "scheduled";
}

const statuses = {
  none: "DRAFT",
  draft: "DRAFT",
  active: "ACTIVE",
  unlisted: "UNLISTED",
  discontinued: "DISCONTINUED",
  archived: "ARCHIVED",
} as const;

/** What a simple client wants to know, derived from the regions. */
export const productStatuses = ["DRAFT", "ACTIVE", "UNLISTED", "DISCONTINUED", "ARCHIVED"] as const;

export type ProductStatus = (typeof productStatuses)[number];

/** The statechart's value, typed. */
export function productRegions(state: ProductState): ProductRegions {
  return state.value as unknown as ProductRegions;
}

/** The one simple status of a product; a product before its first event counts as a draft. */
export function productStatus(state: ProductState): ProductStatus {
  return statuses[productRegions(state).lifecycle];
}

/** Whether it can be ordered; an unlisted product is sold to whoever knows of it. */
export function isSellable(state: ProductState): boolean {
  const { lifecycle } = productRegions(state);
  return lifecycle === "active" || lifecycle === "unlisted";
}

/** Units that lie there and are promised to nobody; below zero when more is promised. */
export function productAvailable({ stock }: ProductContext): number {
  return stock.onHand - stock.reserved - stock.committed - stock.damaged - stock.safety;
}

/** How many units may still be sold, those not there yet included. */
export function productSellable(context: ProductContext): number {
  return Math.max(0, productAvailable(context) + backorderRoom(context));
}

/** Units that may be sold before they are there. */
export function backorderRoom({ stockPolicy }: ProductContext): number {
  return stockPolicy.kind === "BACKORDER" ? stockPolicy.backorderLimit : 0;
}
