import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newLine } from "../../machines/order/lines.ts";
import { blankOrder } from "../../machines/order/fold-order.ts";
import { orderTotals, worthOf } from "../../machines/order/totals.ts";
import { taxesOn } from "../../machines/values/tax.ts";

const currency = fc.constantFrom("JPY", "EUR", "BHD");
const rate = fc.record({
  name: fc.constant("VAT"),
  rateBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  isInclusive: fc.boolean(),
});
const item = fc.record({
  minor: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 })),
  quantity: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1_000 })),
});
const anOrder = fc.record({
  currency,
  items: fc.array(item, { minLength: 1, maxLength: 8 }),
  discount: fc.nat(5_000),
  taxes: fc.array(rate, { maxLength: 3 }),
});

type GivenOrder = typeof anOrder extends fc.Arbitrary<infer Given> ? Given : never;

function orderOf({ currency: code, items, discount, taxes }: GivenOrder) {
  const lines = items.map(({ minor, quantity }, index) =>
    newLine(
      {
        lineId: `line ${index}`,
        productId: "",
        sku: "",
        name: "",
        category: "",
        unitPrice: { minor, currency: code },
        quantity,
      },
      false,
    ),
  );
  const discounts = discount === 0 ? [] : [{ code: "OFF", minor: discount }];
  return { ...blankOrder, currency: code, lines, taxes, discounts };
}

const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);

describe("what an order costs", () => {
  it("is the sum of its lines, and each line the sum of its parts, for 0, 2 and 3 decimals", () => {
    fc.assert(
      fc.property(anOrder, (given) => {
        const totals = orderTotals(orderOf(given));
        if (totals === null) throw new Error("that is not much money");
        const { lines, subtotal, discount, tax, total } = totals;
        expect(sum(lines.map(({ gross }) => gross))).toBe(subtotal);
        expect(sum(lines.map((line) => line.discount))).toBe(discount);
        expect(discount).toBe(Math.min(subtotal, given.discount));
        expect(sum(lines.map((line) => line.total))).toBe(total);
        expect(sum(lines.flatMap(({ taxes }) => taxes.map(({ amount }) => amount)))).toBe(tax);
        const onTop = lines.flatMap(({ taxes }) =>
          taxes.map(({ amount, isInclusive }) => (isInclusive ? 0 : amount)),
        );
        expect(subtotal - discount + sum(onTop)).toBe(total);
        for (const line of lines) {
          const contained = sum(
            line.taxes.map(({ amount, isInclusive }) => (isInclusive ? amount : 0)),
          );
          for (const { base } of line.taxes)
            expect(base + contained).toBe(line.gross - line.discount);
          expect(line.total).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("is shared out over the units of a line without a remainder, however they go", () => {
    const parts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anOrder, parts, (given, steps) => {
        let order = orderOf(given);
        const totals = orderTotals(order);
        for (const { lineId, ordered } of order.lines) {
          let left = ordered;
          let paid = 0;
          for (const [index, step] of [...steps, ordered].entries()) {
            const quantity = Math.min(left, step);
            if (quantity === 0) break;
            left -= quantity;
            paid += worthOf(order, [{ lineId, quantity }]);
            const counter = index % 2 === 0 ? "cancelled" : "refunded";
            const lines = order.lines.map((line) =>
              line.lineId === lineId ? { ...line, [counter]: line[counter] + quantity } : line,
            );
            order = { ...order, lines };
          }
          if (left > 0) continue;
          expect(paid).toBe(totals?.lines.find((line) => line.lineId === lineId)?.total);
        }
      }),
    );
  });

  it.each([
    [10_000n, 1_900, true, 1_597n, 8_403n],
    [10_000n, 1_900, false, 1_900n, 10_000n],
    [5n, 1_000, false, 0n, 5n],
    [15n, 1_000, false, 2n, 15n],
    [25n, 1_000, false, 2n, 25n],
  ])("has of %d at %d basis points (contained: %s) a tax of %d on %d", (...given) => {
    const [amount, rateBasisPoints, isInclusive, tax, base] = given;
    expect(taxesOn(amount, [{ name: "VAT", rateBasisPoints, isInclusive }])).toMatchObject([
      { amount: tax, base },
    ]);
  });

  it("is null where it would no longer be exact", () => {
    const huge = { minor: 1e12, quantity: 1_000_000 };
    const given: GivenOrder = { currency: "EUR", items: [huge], discount: 0, taxes: [] };
    expect(orderTotals(orderOf(given))).toBeNull();
  });
});
