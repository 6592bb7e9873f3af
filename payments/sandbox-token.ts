import type { PaymentProvider } from "./provider.ts";

/** One call of a payment, whose outcome a token can choose. */
export type PaymentStep = keyof PaymentProvider;

/**
 * How the sandbox takes a step. `slow` is approved, and known only a while later; of the two that
 * time out, the outcome is decided and the answer to the deciding call is lost.
 */
const behaviours = [
  "approved",
  "declined",
  "slow",
  "times_out_but_succeeds",
  "times_out_and_fails",
] as const;

export type Behaviour = (typeof behaviours)[number] | "requires_action" | "declined_once";

const words = [...behaviours, "requires_action", "declined_once"].join("|");
const PART = new RegExp(`^(?:(?<step>capture|void|refund)_)?(?<how>${words})$`);

/**
 * Reads a token such as `tok_declined`, `tok_capture_slow` or, for several steps,
 * `tok_requires_action+refund_declined`; a step it does not name is approved. Null: no such token.
 */
export function readToken(token: string): ReadonlyMap<PaymentStep, Behaviour> | null {
  if (!token.startsWith("tok_")) return null;
  const chosen = new Map<PaymentStep, Behaviour>();
  for (const part of token.slice("tok_".length).split("+")) {
    const { step = "authorise", how } = PART.exec(part)?.groups ?? {};
    if (how === undefined || chosen.has(step as PaymentStep)) return null;
    // Only the person who pays can be asked to act.
    if (how === "requires_action" && step !== "authorise") return null;
    // Only a refund is asked for again under another key.
    if (how === "declined_once" && step !== "refund") return null;
    chosen.set(step as PaymentStep, how as Behaviour);
  }
  return chosen;
}
