import { currencyDecimals, moneyDecimal } from "../../machines/index.ts";
import type { Money } from "../../machines/index.ts";
import { builder } from "./builder.ts";

export const moneyType = builder.objectRef<Money>("Money").implement({
  description: "An exact amount: whole minor units of a currency, and the same as a decimal.",
  fields: (t) => ({
    minor: t.field({
      type: "SafeInt",
      description: "Minor units: 1999 is 19.99 EUR, 1999 JPY and 1.999 BHD.",
      resolve: (money) => money.minor,
    }),
    currency: t.exposeString("currency", { description: "ISO 4217." }),
    decimal: t.string({
      description: "The amount with exactly the currency's decimals, such as 19.99.",
      resolve: moneyDecimal,
    }),
    fractionDigits: t.int({
      description: "How many decimals the currency has.",
      resolve: (money) => currencyDecimals(money.currency),
    }),
  }),
});
