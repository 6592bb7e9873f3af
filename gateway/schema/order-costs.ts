import { orderTotals } from "../../machines/index.ts";
import type { Money, OrderContext, OrderTotals, TaxRate } from "../../machines/index.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";

/** A tax on one line, or on all of an order. */
interface TaxOn extends TaxRate {
  readonly base: Money;
  readonly amount: Money;
}

/** The costs of one line, or of a whole order. */
export interface Costs {
  readonly subtotal: Money;
  readonly discount: Money;
  readonly taxes: readonly TaxOn[];
  readonly total: Money;
}

const taxType = builder.objectRef<TaxOn>("Tax").implement({
  description: "One tax: its rate, what it is charged on and how much it is.",
  fields: (t) => ({
    name: t.exposeString("name"),
    rateBasisPoints: t.exposeInt("rateBasisPoints", { description: "1,900 is 19 %." }),
    isInclusive: t.exposeBoolean("isInclusive", {
      description: "Whether the price contains it already.",
    }),
    base: t.field({ type: moneyType, resolve: ({ base }) => base }),
    amount: t.field({ type: moneyType, resolve: ({ amount }) => amount }),
  }),
});

export const costsType = builder.objectRef<Costs>("Costs").implement({
  description: "What is paid and why; the costs of an order are exactly the sum of its lines'.",
  fields: (t) => ({
    subtotal: t.field({
      type: moneyType,
      description: "Prices times quantities.",
      resolve: ({ subtotal }) => subtotal,
    }),
    discount: t.field({ type: moneyType, resolve: ({ discount }) => discount }),
    taxes: t.field({ type: [taxType], resolve: ({ taxes }) => taxes }),
    total: t.field({
      type: moneyType,
      description: "What is paid: less the discount, with the taxes that come on top.",
      resolve: ({ total }) => total,
    }),
  }),
});

// A context never changes, and a document may ask for the costs of each of its hundred lines.
const known = new WeakMap<OrderContext, OrderTotals>();

function totalsOf(context: OrderContext): OrderTotals {
  const totals = known.get(context) ?? orderTotals(context);
  if (totals === null) throw new Error(`the costs of ${context.orderNumber} are no exact numbers`);
  known.set(context, totals);
  return totals;
}

/** The costs of an order as it was ordered. */
export function orderCosts(context: OrderContext): Costs {
  const { lines, subtotal, discount, total } = totalsOf(context);
  const money = moneyIn(context);
  const taxes = context.taxes.map((rate, index) => {
    const sum = (part: "base" | "amount") =>
      money(lines.reduce((all, line) => all + (line.taxes[index]?.[part] ?? 0), 0));
    return { ...rate, base: sum("base"), amount: sum("amount") };
  });
  return { subtotal: money(subtotal), discount: money(discount), taxes, total: money(total) };
}

/** The costs of one of its lines. */
export function lineCosts(context: OrderContext, lineId: string): Costs {
  const line = totalsOf(context).lines.find((one) => one.lineId === lineId);
  if (line === undefined) throw new Error(`${context.orderNumber} has no line ${lineId}`);
  const money = moneyIn(context);
  const taxes = line.taxes.map((tax) => ({
    ...tax,
    base: money(tax.base),
    amount: money(tax.amount),
  }));
  const { gross, discount, total } = line;
  return { subtotal: money(gross), discount: money(discount), taxes, total: money(total) };
}

/** Makes amounts in the currency of an order. */
export function moneyIn({ currency }: Pick<OrderContext, "currency">): (minor: number) => Money {
  return (minor) => ({ minor, currency });
}
