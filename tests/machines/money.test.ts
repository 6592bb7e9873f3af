import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currencies, currencyDecimals, moneyDecimal } from "../../machines/index.ts";
import { allocate, price, shareOf, sumMinor } from "../../machines/values/money.ts";

const money = fc.record({
  minor: fc.maxSafeInteger(),
  currency: fc.constantFrom("JPY", "EUR", "BHD"),
});
const eur = (minor: number) => ({ minor, currency: "EUR" });

describe("money", () => {
  it.each([
    [1999, "JPY", "1999"],
    [1999, "EUR", "19.99"],
    [1999, "BHD", "1.999"],
    [5, "EUR", "0.05"],
    [-5, "BHD", "-0.005"],
    [0, "EUR", "0.00"],
    [Number.MAX_SAFE_INTEGER, "EUR", "90071992547409.91"],
  ])("writes %d minor units of %s as %s", (minor, currency, decimal) => {
    expect(moneyDecimal({ minor, currency })).toBe(decimal);
  });

  it("writes decimals that read back to the same minor units", () => {
    fc.assert(
      fc.property(money, (amount) => {
        const [whole = "", fraction = ""] = moneyDecimal(amount).replace("-", "").split(".");
        expect(fraction).toHaveLength(currencyDecimals(amount.currency));
        expect(Number(whole + fraction)).toBe(Math.abs(amount.minor));
      }),
    );
  });

  it("splits into parts that add up to the amount, each within one unit of its exact share", () => {
    const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(money, weights, (amount, given) => {
        const parts = allocate(amount, given);
        const sum = parts.reduce((total, part) => total + BigInt(part.minor), 0n);
        expect(sum).toBe(BigInt(amount.minor));
        const whole = given.reduce((total, weight) => total + weight, 0);
        for (const [index, part] of parts.entries()) {
          const weight = BigInt(whole === 0 ? 1 : (given[index] ?? 0));
          const divisor = BigInt(whole === 0 ? given.length : whole);
          const off = BigInt(part.minor) * divisor - BigInt(amount.minor) * weight;
          expect(off < divisor && off > -divisor).toBe(true);
        }
      }),
    );
  });

  it("gives what is left to the largest remainders, the earlier part on a tie", () => {
    const minors = (amount: number, weights: number[]) =>
      allocate(eur(amount), weights).map(({ minor }) => minor);
    expect(minors(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(minors(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
    expect(minors(10, [3, 3, 4])).toEqual([3, 3, 4]);
    expect(minors(5, [0, 0])).toEqual([3, 2]);
    expect(minors(5, [0, 1])).toEqual([0, 5]);
    expect(() => minors(5, [])).toThrow(RangeError);
  });

  it.each([
    [50, 100, 0],
    [150, 100, 2],
    [250, 100, 2],
    [-150, 100, -2],
    [-250, 100, -2],
    [151, 100, 2],
    [10_000, 1_900, 1_900],
    [333, 1_900, 63],
  ])("takes of %d at %d basis points %d, half to even", (minor, basisPoints, share) => {
    expect(shareOf(eur(minor), basisPoints).minor).toBe(share);
  });

  it("rounds a share by at most half a unit, and alike for both signs", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(10_000), (minor, basisPoints) => {
        const { minor: share } = shareOf(eur(minor), basisPoints);
        const off = (BigInt(share) * 10_000n - BigInt(minor) * BigInt(basisPoints)) * 2n;
        expect(off <= 10_000n && off >= -10_000n).toBe(true);
        expect(shareOf(eur(-minor), basisPoints).minor + share).toBe(0);
      }),
    );
  });

  it("sums exactly or not at all", () => {
    const part = fc.record({ unitPrice: fc.nat(1e12).map(eur), quantity: fc.nat(1e6) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const exact = parts.reduce(
          (total, { unitPrice, quantity }) => total + BigInt(unitPrice.minor) * BigInt(quantity),
          0n,
        );
        const isSafe = exact <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(sumMinor(parts)).toBe(isSafe ? Number(exact) : null);
      }),
    );
  });

  it("refuses a price of nothing, below it, above the limit, in fractions or no currency", () => {
    const bad = [0, -1, 1e12 + 1, 1.5, NaN, Infinity, "5", null, 2 ** 60];
    for (const minor of bad)
      expect(price.safeParse({ minor, currency: "EUR" }).success).toBe(false);
    for (const currency of ["eur", "XXX", "", "EURO", "constructor", null]) {
      expect(price.safeParse({ minor: 1, currency }).success).toBe(false);
    }
    expect(price.parse({ minor: 1e12, currency: "JPY" })).toEqual({ minor: 1e12, currency: "JPY" });
  });

  it("knows each currency once", () => {
    expect(new Set(currencies).size).toBe(currencies.length);
    expect(currencies.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
    expect(() => currencyDecimals("XXX")).toThrow(RangeError);
  });
});
