import type { CommandTarget } from "../commands/command.ts";
import type { OrderResult } from "../generated/documents.ts";

/** An order at one of its versions. */
export type OrderView = NonNullable<OrderResult["order"]>;

/** What the forms of commands need to know of an order. */
export function targetOf(order: OrderView): CommandTarget {
  const { id, version, currency, total, lines, returns, refunds } = order;
  return {
    entity: "order",
    id,
    version,
    currency,
    fractionDigits: total.fractionDigits,
    choices: {
      lineId: lines.map((line) => ({
        id: line.id,
        words: `${line.name} (${line.sku}), ${String(line.ordered)} ordered`,
      })),
      returnId: returns.map((one) => ({ id: one.id, words: `${one.reason} (${one.status})` })),
      refundId: refunds.map((one) => ({
        id: one.id,
        words: `${one.amount.decimal} ${one.amount.currency}, ${one.reason} (${one.status})`,
      })),
    },
  };
}
