import { isDead, orderRegions } from "./state.ts";
import type { OrderContext, OrderLine, OrderState } from "./state.ts";

/** A line as it begins: nothing has happened to it. */
export function newLine(
  {
    quantity,
    ...frozen
  }: { readonly quantity: number } & Pick<
    OrderLine,
    "lineId" | "productId" | "sku" | "name" | "category" | "unitPrice"
  >,
  isAdded: boolean,
): OrderLine {
  return {
    ...frozen,
    isAdded,
    stock: "waiting",
    refusal: null,
    ordered: quantity,
    reserved: 0,
    backordered: 0,
    releasing: 0,
    shipped: 0,
    consumed: 0,
    delivered: 0,
    cancelled: 0,
    returnRequested: 0,
    returned: 0,
    refunded: 0,
  };
}

/** A line of the order, one that is leaving included. */
export function findLine(context: OrderContext, lineId: string): OrderLine | undefined {
  const isWanted = (line: OrderLine) => line.lineId === lineId;
  return context.lines.find(isWanted) ?? context.leaving.find(isWanted);
}

/** Whether its product holds something for the line, or may be about to. */
export function isStockOpen({ stock, reserved }: OrderLine): boolean {
  return stock === "requested" || reserved > 0;
}

/** Units that may still be shipped. */
export function unshipped({ ordered, shipped, cancelled }: OrderLine): number {
  return ordered - shipped - cancelled;
}

/** Units that may still be requested to come back. */
export function returnable({ delivered, returned, returnRequested }: OrderLine): number {
  return delivered - returned - returnRequested;
}

/**
 * Units that may be paid back by line. Only what has arrived: a unit that can still be cancelled
 * would be paid back a second time then.
 */
export function refundable({ delivered, refunded }: OrderLine): number {
  return delivered - refunded;
}

/** Whether all stock is committed, so that it may be shipped. */
export function isCommitted({ lines }: OrderContext): boolean {
  return lines.every(({ stock }) => stock === "committed");
}

/** Whether anything was shipped. */
export function isShipped({ lines }: OrderContext): boolean {
  return lines.some(({ shipped }) => shipped > 0);
}

/** Units that a product holds for a line and need not hold any longer, not asked back yet. */
export function surplusOf(state: OrderState, line: OrderLine): number {
  const { lines } = state.context;
  const isNeeded = !isDead(state) && lines.includes(line);
  const needed = isNeeded
    ? line.ordered - line.cancelled - line.consumed
    : line.shipped - line.consumed;
  return line.reserved - line.releasing - needed;
}

/** Ascending product id, so that two orders never wait for each other's products in a circle. */
export function nextToReserve(state: OrderState): OrderLine | null {
  const { lines, leaving } = state.context;
  if (orderRegions(state).reservation !== "reserving") return null;
  if ([...lines, ...leaving].some(({ stock }) => stock === "requested")) return null;
  const waiting = lines.filter(({ stock }) => stock === "waiting");
  return [...waiting].sort(byProduct)[0] ?? null;
}

function byProduct(a: OrderLine, b: OrderLine): number {
  if (a.productId !== b.productId) return a.productId < b.productId ? -1 : 1;
  return a.lineId < b.lineId ? -1 : 1;
}

/** Whether no product holds anything for the order any more. */
export function isStockGone({ lines, leaving }: OrderContext): boolean {
  return ![...lines, ...leaving].some(isStockOpen);
}
