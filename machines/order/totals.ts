import { allocate, sumMinor } from "../values/money.ts";
import type { Money } from "../values/money.ts";
import { taxesOn } from "../values/tax.ts";
import type { TaxRate } from "../values/tax.ts";
import type { OrderContext, OrderLine } from "./state.ts";

/** What one line costs, in minor units. */
interface LineTotal {
  readonly lineId: string;
  /** Price times quantity. */
  readonly gross: number;
  /** Its share of the order's discounts. */
  readonly discount: number;
  readonly taxes: readonly (TaxRate & { readonly base: number; readonly amount: number })[];
  /** What is paid for it, taxes included. */
  readonly total: number;
}

/** What an order costs; each sum is exactly the sum of its lines. */
export interface OrderTotals {
  readonly lines: readonly LineTotal[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
}

/** The part of an order that its costs depend on. */
export interface Priced {
  readonly currency: string;
  readonly lines: readonly Pick<OrderLine, "lineId" | "unitPrice" | "ordered">[];
  readonly discounts: OrderContext["discounts"];
  readonly taxes: readonly TaxRate[];
}

/**
 * The costs of an order: discounts shared out over the lines by their worth, to the last minor
 * unit, then taxes line by line. Null when some sum would no longer be an exact number.
 */
export function orderTotals({ currency, lines, discounts, taxes }: Priced): OrderTotals | null {
  const subtotal = sumMinor(
    lines.map(({ unitPrice, ordered }) => ({ unitPrice, quantity: ordered })),
  );
  if (subtotal === null) return null;
  const gross = lines.map(({ unitPrice, ordered }) => unitPrice.minor * ordered);
  const discount = Math.min(subtotal, discountMinor(discounts));
  const shares =
    discount === 0
      ? gross.map(() => 0)
      : allocate({ minor: discount, currency }, gross).map(minorOf);
  const priced = lines.map(({ lineId }, index) =>
    lineTotal({ lineId, gross: gross[index] ?? 0, discount: shares[index] ?? 0 }, taxes),
  );
  const total = priced.reduce((sum, line) => sum + line.total, 0);
  const tax = priced.reduce((sum, line) => sum + taxOf(line), 0);
  return Number.isSafeInteger(total) && Number.isSafeInteger(tax)
    ? { lines: priced, subtotal, discount, tax, total }
    : null;
}

/** All discounts together, as they were granted. */
export function discountMinor(discounts: OrderContext["discounts"]): number {
  return discounts.reduce((sum, { minor }) => sum + minor, 0);
}

function lineTotal(
  line: { readonly lineId: string; readonly gross: number; readonly discount: number },
  rates: readonly TaxRate[],
): LineTotal {
  const net = line.gross - line.discount;
  if (rates.length === 0) return { ...line, taxes: [], total: net };
  const taxes = taxesOn(BigInt(net), rates).map(({ base, amount, ...rate }) => ({
    ...rate,
    base: Number(base),
    amount: Number(amount),
  }));
  const onTop = taxes.filter(({ isInclusive }) => !isInclusive);
  return { ...line, taxes, total: onTop.reduce((sum, { amount }) => sum + amount, net) };
}

function taxOf({ taxes }: LineTotal): number {
  return taxes.reduce((sum, { amount }) => sum + amount, 0);
}

function minorOf({ minor }: Money): number {
  return minor;
}

/** What the lines cost as they were ordered; `decide` sees to it that this is always exact. */
export function orderTotal(context: OrderContext): Money {
  return { minor: orderTotals(context)?.total ?? 0, currency: context.currency };
}

/** What is to be paid: the total less what was cancelled. */
export function amountDue(context: OrderContext): number {
  return orderTotal(context).minor - context.money.cancelled;
}

/**
 * What units of lines are worth. The units of a line share its total to the last minor unit; those
 * cancelled and paid back already are counted first, so that no unit is paid back twice.
 */
export function worthOf(
  context: OrderContext,
  wanted: readonly { readonly lineId: string; readonly quantity: number }[],
): number {
  const totals = orderTotals(context);
  return wanted.reduce((sum, { lineId, quantity }) => {
    const line = context.lines.find((one) => one.lineId === lineId);
    const total = totals?.lines.find((one) => one.lineId === lineId)?.total ?? 0;
    if (line === undefined) return sum;
    const from = line.cancelled + line.refunded;
    const upTo = (count: number) => (BigInt(total) * BigInt(count)) / BigInt(line.ordered);
    return sum + Number(upTo(from + quantity) - upTo(from));
  }, 0);
}
