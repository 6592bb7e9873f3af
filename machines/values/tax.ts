import { z } from "zod";
import { divideHalfEven } from "./money.ts";
import { text } from "./text.ts";

const WHOLE_BASIS_POINTS = 10_000n;

/** A tax as the shop charges it: never a float, at most 100 %. */
export const taxRate = z.object({
  name: text(60),
  rateBasisPoints: z.int().min(0).max(10_000),
  /** Whether prices contain it already. */
  isInclusive: z.boolean(),
});

export type TaxRate = z.output<typeof taxRate>;

/** One tax on one amount, in minor units. */
export interface TaxLine extends TaxRate {
  readonly base: bigint;
  readonly amount: bigint;
}

/**
 * The taxes on an amount after discounts, each rounded half to even by itself. What prices contain
 * already is taken out first, and what comes on top is charged on the rest.
 */
export function taxesOn(amount: bigint, rates: readonly TaxRate[]): readonly TaxLine[] {
  const inclusive = rates.filter(({ isInclusive }) => isInclusive);
  const contained = inclusive.reduce((sum, rate) => sum + BigInt(rate.rateBasisPoints), 0n);
  const parts = inclusive.map((rate) => ({
    rate,
    amount: divideHalfEven(amount * BigInt(rate.rateBasisPoints), WHOLE_BASIS_POINTS + contained),
  }));
  const base = amount - parts.reduce((sum, part) => sum + part.amount, 0n);
  const onTop = rates
    .filter(({ isInclusive }) => !isInclusive)
    .map((rate) => ({
      rate,
      amount: divideHalfEven(base * BigInt(rate.rateBasisPoints), WHOLE_BASIS_POINTS),
    }));
  return [...parts, ...onTop].map((part) => ({ ...part.rate, base, amount: part.amount }));
}
