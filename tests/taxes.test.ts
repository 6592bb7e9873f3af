import { describe, expect, test } from "vitest";
import { taxesIn, taxTable } from "../taxes.ts";

const rate = (name: string, rateBasisPoints: number, isInclusive = false) => ({
  name,
  rateBasisPoints,
  isInclusive,
});

describe("the setting of taxes", () => {
  const text =
    "DE: MwSt 1900 inclusive; CA: GST 500, PST 700; CH: none; *: VAT 20 % 2000 inclusive;";

  test.each([
    ["DE", [rate("MwSt", 1_900, true)]],
    ["CA", [rate("GST", 500), rate("PST", 700)]],
    ["CH", []],
    ["FR", [rate("VAT 20 %", 2_000, true)]],
  ])("gives %s its own", (country, rates) => {
    expect(taxesIn(taxTable.parse(text), country)).toEqual(rates);
  });

  test("may be empty, and then nothing is charged", () => {
    expect(taxesIn(taxTable.parse(" ; "), "DE")).toEqual([]);
  });

  test.each([
    ["a country that is none", "XX: VAT 1900", "must begin with a country"],
    ["no country", "VAT 1900", "must begin with a country"],
    ["a country twice", "DE: VAT 1900; DE: VAT 700", "DE is there twice"],
    ["no rate", "DE: VAT", "must be a name and basis points"],
    ["nothing at all", "DE:", "must be a name and basis points"],
    ["a rate with a point", "DE: VAT 19.5", "must be a name and basis points"],
    ["more than all", "DE: VAT 10001", "must be a name and basis points"],
    ["too many", `DE: ${Array.from({ length: 11 }, () => "T 1").join(",")}`, "ten taxes at most"],
  ])("with %s is refused with the place", (_what, given, message) => {
    expect(taxTable.safeParse(given).error?.issues[0]?.message).toContain(message);
  });
});
