import { currencies } from "../../machines/index.ts";
import { GatewayError } from "../errors.ts";

/** A currency as it is stored. Throws `BAD_USER_INPUT` for what is none. */
export function currencyOf(typed: string): string {
  const code = typed.toUpperCase();
  if (currencies.includes(code)) return code;
  throw new GatewayError("BAD_USER_INPUT", "A currency is an ISO 4217 code such as EUR.");
}
