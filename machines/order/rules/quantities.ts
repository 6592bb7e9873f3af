import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import type { LineQuantity } from "../fields.ts";
import type { OrderContext, OrderLine } from "../state.ts";

type Left = (line: OrderLine) => number;

/** The units wanted, or, when none are named, all that are left of every line. */
export function wantedUnits(
  { lines }: OrderContext,
  named: readonly LineQuantity[] | undefined,
  left: Left,
): LineQuantity[] {
  if (named !== undefined) return [...named];
  return lines.flatMap((line) => {
    const quantity = left(line);
    return quantity > 0 ? [{ lineId: line.lineId, quantity }] : [];
  });
}

/** Why units cannot be had: the line is not there, or fewer are left; null when they can. */
export function unitsObjection(
  { lines }: OrderContext,
  wanted: readonly LineQuantity[],
  left: Left,
): Objection | null {
  if (wanted.length === 0) return refuse("QUANTITY_EXCEEDS", "Nothing is left for that.");
  for (const { lineId, quantity } of wanted) {
    const line = lines.find((one) => one.lineId === lineId);
    if (line === undefined) {
      return refuse("LINE_NOT_FOUND", "The order has no such line.", { lineId });
    }
    const limit = left(line);
    if (quantity > limit) {
      const details = { lineId, sku: line.sku, requested: quantity, limit };
      return refuse("QUANTITY_EXCEEDS", `Only ${limit} of ${line.sku} are left for that.`, details);
    }
  }
  return null;
}

/** The units with what a product must know of them. */
export function asGoods({ lines }: OrderContext, units: readonly LineQuantity[]) {
  return units.flatMap(({ lineId, quantity }) => {
    const line = lines.find((one) => one.lineId === lineId);
    if (line === undefined) return [];
    const { productId, sku } = line;
    return [{ lineId, productId, sku, quantity }];
  });
}
