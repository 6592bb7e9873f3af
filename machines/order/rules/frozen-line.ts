import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import type { OrderEventData } from "../events.ts";
import type { CandidateLine } from "../fields.ts";
import { newLine } from "../lines.ts";
import { discountMinor, orderTotals } from "../totals.ts";
import type { Priced } from "../totals.ts";

type EventLine = OrderEventData<"OrderItemAdded">["line"];

/** A line with the product as it is now, or why that product cannot be ordered. */
export function frozenLine(
  candidate: CandidateLine,
  { quantity, currency }: { quantity: number; currency: string },
): EventLine | Objection {
  const { product, ...ids } = candidate;
  const { sku } = ids;
  if (product === null) {
    return refuse("PRODUCT_NOT_FOUND", `There is no product ${sku}.`, { sku });
  }
  const { isSellable, ...frozen } = product;
  if (!isSellable) {
    return refuse("PRODUCT_NOT_SELLABLE", `The product ${sku} is not for sale.`, { sku });
  }
  if (frozen.unitPrice.currency !== currency) {
    return refuse(
      "CURRENCY_MISMATCH",
      `The product ${sku} is priced in ${frozen.unitPrice.currency}, the order in ${currency}.`,
      { sku, expected: currency, actual: frozen.unitPrice.currency },
    );
  }
  return { ...ids, ...frozen, quantity };
}

/** The line as an order begins with it. */
export function asLine(line: EventLine) {
  return newLine(line, true);
}

/** Why an order cannot cost what it would cost; or null. */
export function costObjection(order: Priced): Objection | null {
  const totals = orderTotals(order);
  if (totals === null) {
    return refuse("AMOUNT_TOO_LARGE", "The order's total would be too large.", {
      limit: Number.MAX_SAFE_INTEGER,
    });
  }
  const discount = discountMinor(order.discounts);
  const { subtotal } = totals;
  return discount < subtotal
    ? null
    : refuse("NOTHING_DUE", "The discounts leave nothing to pay.", { subtotal, discount });
}
