import { z } from "zod";
import { countryRule, isCountry } from "./country.ts";
import { text } from "./text.ts";

/** E.164: plus, country code, at most 15 digits. */
export const phone = z
  .string()
  .trim()
  .regex(/^\+[1-9][0-9]{6,14}$/, "must be a phone number such as +4930123456");

/** Where parcels go. Which fields a country requires beyond these is in `country.ts`. */
export const address = z
  .object({
    name: text(200),
    company: text(200).optional(),
    line1: text(200),
    line2: text(200).optional(),
    city: text(120),
    region: text(120).optional(),
    postalCode: text(20).optional(),
    country: z.string().refine(isCountry, "must be an ISO 3166-1 alpha-2 code such as DE"),
  })
  .superRefine((given, check) => {
    const rule = countryRule(given.country);
    const fault = (path: string, message: string): void =>
      check.addIssue({ code: "custom", path: [path], message, input: given });
    if (rule.needsRegion && given.region === undefined) {
      fault("region", `is required in ${given.country}`);
    }
    if (rule.postalCode === undefined) return;
    if (given.postalCode === undefined) {
      fault("postalCode", `is required in ${given.country}`);
    } else if (!rule.postalCode.test(given.postalCode)) {
      fault("postalCode", `is not a postal code of ${given.country}`);
    }
  });

export type Address = z.output<typeof address>;
