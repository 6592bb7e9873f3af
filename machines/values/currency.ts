import { z } from "zod";

// ISO 4217. Funds, metals, test codes and the two with four decimals (CLF, UYW) are not for prices.
const WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const WITH_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND";
const WITH_TWO_DECIMALS =
  "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF " +
  "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD " +
  "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA " +
  "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN " +
  "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP " +
  "TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";

const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...WITHOUT_DECIMALS.split(" ").map((code) => [code, 0] as const),
  ...WITH_TWO_DECIMALS.split(" ").map((code) => [code, 2] as const),
  ...WITH_THREE_DECIMALS.split(" ").map((code) => [code, 3] as const),
]);

/** Every currency that a price may have, in alphabetical order. */
export const currencies: readonly string[] = [...DECIMALS.keys()].sort();

/** An ISO 4217 code of `currencies`. */
export const currencyCode = z
  .string()
  .refine((code) => DECIMALS.has(code), "must be an ISO 4217 currency code such as EUR");

/** How many decimals a currency has; a `RangeError` means that it is none of `currencies`. */
export function currencyDecimals(code: string): number {
  const decimals = DECIMALS.get(code);
  if (decimals === undefined) throw new RangeError(`${code} is not a known currency`);
  return decimals;
}
