import type { CommandTarget } from "../commands/command.ts";
import type { ProductResult } from "../generated/documents.ts";

/** A product at one of its versions. */
export type ProductView = NonNullable<ProductResult["product"]>;

/** What the forms of commands need to know of a product. */
export function targetOf({ id, version, price }: ProductView): CommandTarget {
  const { currency, fractionDigits } = price;
  return { entity: "product", id, version, currency, fractionDigits, choices: {} };
}
