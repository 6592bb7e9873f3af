import type { PaymentOutcome, PaymentProvider } from "../../payments/index.ts";

/** A call as data: its name and its request. */
export type Call = {
  readonly [Name in keyof PaymentProvider]: readonly [Name, Parameters<PaymentProvider[Name]>[0]];
}[keyof PaymentProvider];

/** Makes a call that is given as data, whether or not its request is a good one. */
export function make(
  provider: PaymentProvider,
  [name, request]: Call | readonly [Call[0], object],
): Promise<PaymentOutcome> {
  return provider[name](request as never);
}
