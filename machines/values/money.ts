import { z } from "zod";
import { currencyCode, currencyDecimals } from "./currency.ts";

const PRICE_MINOR_MAX = 1e12;
const WHOLE_BASIS_POINTS = 10_000n;

/** A price: more than nothing, at most 10^12 minor units. */
export const price = z.object({
  minor: z.int().min(1).max(PRICE_MINOR_MAX),
  currency: currencyCode,
});

/** Integer minor units of an ISO 4217 currency: 1999 EUR = 19.99 EUR, 1999 JPY, 1.999 BHD. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** The amount as a decimal text with exactly the currency's decimals. */
export function moneyDecimal({ minor, currency }: Money): string {
  const decimals = currencyDecimals(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const sign = minor < 0 ? "-" : "";
  return sign + digits.slice(0, cut) + (decimals === 0 ? "" : `.${digits.slice(cut)}`);
}

/** The sum of prices times quantities, or null when it is no longer an exact number. */
export function sumMinor(
  parts: readonly { readonly unitPrice: Money; readonly quantity: number }[],
): number | null {
  let total = 0;
  for (const { unitPrice, quantity } of parts) {
    total += unitPrice.minor * quantity;
    if (!Number.isSafeInteger(total)) return null;
  }
  return total;
}

/** A share in basis points (1/10,000), rounded half to even, for either sign. */
export function shareOf({ minor, currency }: Money, basisPoints: number): Money {
  const product = BigInt(minor) * BigInt(basisPoints);
  return { minor: Number(divideHalfEven(product, WHOLE_BASIS_POINTS)), currency };
}

/** The quotient rounded half to even, for either sign of the dividend. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n;
  const magnitude = isNegative ? -dividend : dividend;
  const floor = magnitude / divisor;
  const twice = (magnitude % divisor) * 2n;
  const isUp = twice > divisor || (twice === divisor && floor % 2n === 1n);
  const rounded = isUp ? floor + 1n : floor;
  return isNegative ? -rounded : rounded;
}

/**
 * Splits an amount in proportion to integer weights so that the parts add up to it exactly: the
 * units left over by rounding down go to the largest remainders, the earlier part on a tie. Without
 * any weight the parts are equal. Throws a `RangeError` when there is no part to give it to.
 */
export function allocate({ minor, currency }: Money, weights: readonly number[]): Money[] {
  if (weights.length === 0) throw new RangeError("an amount cannot be split into no parts");
  const given = weights.map(BigInt);
  const sum = given.reduce((total, weight) => total + weight, 0n);
  const shares = sum === 0n ? given.map(() => 1n) : given;
  const whole = sum === 0n ? BigInt(shares.length) : sum;
  const amount = BigInt(Math.abs(minor));
  const parts = shares.map((share, index) => ({
    index,
    units: (amount * share) / whole,
    remainder: (amount * share) % whole,
  }));
  let left = amount - parts.reduce((total, part) => total + part.units, 0n);
  for (const part of [...parts].sort(byLargestRemainder)) {
    if (left === 0n) break;
    part.units += 1n;
    left -= 1n;
  }
  const sign = minor < 0 ? -1 : 1;
  return parts.map(({ units }) => ({ minor: units === 0n ? 0 : sign * Number(units), currency }));
}

interface Part {
  readonly index: number;
  readonly remainder: bigint;
}

function byLargestRemainder(a: Part, b: Part): number {
  if (a.remainder === b.remainder) return a.index - b.index;
  return a.remainder > b.remainder ? -1 : 1;
}
