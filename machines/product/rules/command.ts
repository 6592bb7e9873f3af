import type { Scope } from "../../kernel/aggregate.ts";
import { commandsOf } from "../../kernel/define.ts";
import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import type { Money } from "../../values/money.ts";
import type { ProductContext } from "../state.ts";

/** Defines a command of a product. */
export const productCommand = commandsOf<ProductContext>();

export const STAFF: readonly Scope[] = ["operator", "service"];

/** The reactor and the timers. */
export const INTERNAL: readonly Scope[] = ["internal"];

/** The objection to a price in another currency than the product's; it never changes. */
export function currencyObjection(context: ProductContext, price: Money): Objection | null {
  const { currency } = context.price;
  if (price.currency === currency) return null;
  const details = { expected: currency, actual: price.currency };
  return refuse("CURRENCY_MISMATCH", `The product is priced in ${currency}.`, details);
}
