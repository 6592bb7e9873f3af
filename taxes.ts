import { z } from "zod";
import { isCountry, taxRate, type TaxRate } from "./machines/index.ts";

/** More taxes on one line than this are refused by the order. */
const TAXES_PER_COUNTRY_MAX = 10;
const EVERYWHERE_ELSE = "*";

/** The taxes of each country by its ISO 3166 code; `*` = every country that is not named. */
export type TaxTable = Readonly<Record<string, readonly TaxRate[]>>;

/** The taxes of an order that is sent to a country. */
export function taxesIn(table: TaxTable, country: string): readonly TaxRate[] {
  return table[country] ?? table[EVERYWHERE_ELSE] ?? [];
}

/**
 * Reads `DE: MwSt 1900 inclusive; CA: GST 500, PST 700; CH: none; *: VAT 2000 inclusive`: rates in
 * basis points, on top of the price unless it is said that prices contain them.
 */
export const taxTable = z.string().transform((text, check): TaxTable => {
  const table: Record<string, readonly TaxRate[]> = {};
  const object = (message: string): void => {
    check.addIssue({ code: "custom", message, input: text });
  };
  for (const entry of text.split(";").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, country = "", listed = ""] = /^([A-Z]{2}|\*)\s*:(.*)$/s.exec(entry) ?? [];
    const isKnown = country === EVERYWHERE_ELSE || isCountry(country);
    if (!isKnown) object(`'${entry}' must begin with a country such as 'DE:', or with '*:'`);
    else if (country in table) object(`${country} is there twice`);
    else table[country] = ratesOf(listed.trim(), object);
  }
  return table;
});

function ratesOf(listed: string, object: (message: string) => void): readonly TaxRate[] {
  if (listed === "none") return [];
  const rates = listed.split(",").flatMap((part) => {
    const { name, points, inclusive } = TAX.exec(part.trim())?.groups ?? {};
    const rate = { name, rateBasisPoints: Number(points), isInclusive: inclusive !== undefined };
    const parsed = taxRate.safeParse(rate);
    if (parsed.success) return [parsed.data];
    const form = "a name and basis points from 0 to 10000, such as 'VAT 2000 inclusive'";
    object(`'${part.trim()}' must be ${form}`);
    return [];
  });
  if (rates.length > TAXES_PER_COUNTRY_MAX) object("a country may have ten taxes at most");
  return rates;
}

const TAX = /^(?<name>.+?)\s+(?<points>\d{1,5})(?<inclusive>\s+inclusive)?$/;
