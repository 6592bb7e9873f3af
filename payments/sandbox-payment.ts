import { PaymentError } from "./payment-error.ts";
import type { Amount, CaptureRequest, RefundRequest } from "./provider.ts";
import { readToken, type Behaviour, type PaymentStep } from "./sandbox-token.ts";

/** One more refund of a payment is declined. */
const REFUNDS_PER_PAYMENT_MAX = 1_000;

/** What became of one call; only a required action and a declined void are followed by another. */
export interface Decision {
  readonly outcome: "APPROVED" | "DECLINED" | "ACTION_REQUIRED";
  readonly reason?: string;
  readonly at: Date;
  /** Before this moment nobody is told. */
  readonly knownFrom: Date;
}

type AmountDecision = Decision & { readonly amount: Amount };

/** All that was decided about the payment of one key. */
export interface SandboxPayment {
  readonly token: string | null;
  /** What its notices name as well. */
  readonly reference: string | null;
  /** Null: voided before it was ever asked for, so that it never comes into being. */
  readonly authorisation: AmountDecision | null;
  readonly capture: AmountDecision | null;
  readonly voiding: Decision | null;
  readonly refunds: readonly (AmountDecision & { readonly key: string })[];
}

/** The circumstances of a decision. */
export interface Moment {
  readonly now: Date;
  readonly slowMs: number;
  readonly authorisationTtlMs: number;
}

/** A call judged; `payment` is the same object when the decision had been made before. */
export interface Judgement {
  readonly payment: SandboxPayment;
  readonly decision: Decision;
  /** The caller who brought the decision about is not told. */
  readonly isAnswerLost: boolean;
}

const untouched: SandboxPayment = {
  token: null,
  reference: null,
  authorisation: null,
  capture: null,
  voiding: null,
  refunds: [],
};

/** What an authorisation asks for, beside its key. */
interface Wish {
  readonly token: string;
  readonly amount: Amount;
  readonly reference?: string | null | undefined;
}

/** Holds the amount, or whatever the token says. */
export function authorise(
  payment: SandboxPayment | null,
  { token, amount, reference = null }: Wish,
  moment: Moment,
): Judgement {
  const { authorisation, voiding } = payment ?? untouched;
  if (payment !== null && authorisation !== null) {
    assertSame(payment.token === token && isSameAmount(authorisation.amount, amount));
    return told(payment, authorisation);
  }
  const verdict =
    voiding === null
      ? behave({ token, step: "authorise", moment })
      : declined("VOIDED", moment.now);
  const next = { ...(payment ?? untouched), token, reference };
  return { ...verdict, payment: { ...next, authorisation: { ...verdict.decision, amount } } };
}

/** Takes what is held or a part of it. */
export function capture(
  payment: SandboxPayment,
  { amount }: Pick<CaptureRequest, "amount">,
  moment: Moment,
): Judgement {
  if (payment.capture !== null) {
    assertSame(isSameAmount(payment.capture.amount, amount));
    return told(payment, payment.capture);
  }
  const objection = objectionToCapture(payment, amount, moment);
  const verdict =
    objection === null
      ? behave({ token: payment.token, step: "capture", moment })
      : declined(objection, moment.now);
  return { ...verdict, payment: { ...payment, capture: { ...verdict.decision, amount } } };
}

function objectionToCapture(
  { authorisation, voiding }: SandboxPayment,
  { minor, currency }: Amount,
  { now, authorisationTtlMs }: Moment,
): string | null {
  if (voiding?.outcome === "APPROVED") return "VOIDED";
  if (authorisation?.outcome !== "APPROVED") return "NOT_AUTHORISED";
  if (currency !== authorisation.amount.currency) return "CURRENCY_MISMATCH";
  if (minor > authorisation.amount.minor) return "AMOUNT_EXCEEDS_AUTHORISED";
  const isExpired = now.getTime() >= authorisation.at.getTime() + authorisationTtlMs;
  return isExpired ? "AUTHORISATION_EXPIRED" : null;
}

/** Lets go of what is held; a payment that nobody has asked for yet will never hold anything. */
export function voidPayment(payment: SandboxPayment | null, moment: Moment): Judgement {
  const before = payment ?? untouched;
  const { authorisation, voiding } = before;
  if (voiding?.outcome === "APPROVED") return told(before, voiding);
  if (before.capture?.outcome === "APPROVED") {
    return { ...declined("ALREADY_CAPTURED", moment.now), payment: before };
  }
  if (authorisation === null || authorisation.outcome === "DECLINED") {
    const decision = approvedAt(moment.now);
    return { payment: { ...before, voiding: decision }, decision, isAnswerLost: false };
  }
  // Declined once, because it is asked for until the money is let go of.
  const verdict =
    voiding === null
      ? behave({ token: before.token, step: "void", moment })
      : verdictOf("approved", "void", moment);
  const next = { ...before, voiding: verdict.decision };
  if (verdict.decision.outcome === "DECLINED" || authorisation.outcome === "APPROVED") {
    return { ...verdict, payment: next };
  }
  // Nobody may confirm any more what was waiting for the person's action.
  const { decision } = declined("VOIDED", moment.now);
  const { amount } = authorisation;
  return { ...verdict, payment: { ...next, authorisation: { ...decision, amount } } };
}

/** Gives back of what was captured. */
export function refund(
  payment: SandboxPayment,
  { key, amount }: Omit<RefundRequest, "paymentKey">,
  moment: Moment,
): Judgement {
  const decided = payment.refunds.find((one) => one.key === key);
  if (decided !== undefined) {
    assertSame(isSameAmount(decided.amount, amount));
    return told(payment, decided);
  }
  if (payment.refunds.length >= REFUNDS_PER_PAYMENT_MAX) {
    return { ...declined("TOO_MANY_REFUNDS", moment.now), payment };
  }
  const objection = objectionToRefund(payment, amount);
  const verdict =
    objection === null
      ? behave({
          token: payment.token,
          step: "refund",
          moment,
          isAgain: payment.refunds.some(({ outcome }) => outcome === "DECLINED"),
        })
      : declined(objection, moment.now);
  const refunds = [...payment.refunds, { ...verdict.decision, key, amount }];
  return { ...verdict, payment: { ...payment, refunds } };
}

function objectionToRefund(payment: SandboxPayment, amount: Amount): string | null {
  if (payment.capture?.outcome !== "APPROVED") return "NOT_CAPTURED";
  if (amount.currency !== payment.capture.amount.currency) return "CURRENCY_MISMATCH";
  // Subtracted rather than added, so that no sum is beyond the exact numbers.
  const left = payment.capture.amount.minor - refundedMinor(payment);
  return amount.minor > left ? "AMOUNT_EXCEEDS_CAPTURED" : null;
}

/** The person's answer to a required action; where none is required any more, what stands. */
export function settleAction(
  payment: SandboxPayment,
  isConfirmed: boolean,
  { now }: Pick<Moment, "now">,
): Judgement | null {
  const { authorisation } = payment;
  if (authorisation === null) return null;
  if (authorisation.outcome !== "ACTION_REQUIRED") return told(payment, authorisation);
  const decision = isConfirmed ? approvedAt(now) : declined("ACTION_DECLINED", now).decision;
  const { amount } = authorisation;
  const next = { ...payment, authorisation: { ...decision, amount } };
  return { payment: next, decision, isAnswerLost: false };
}

/** What all approved refunds of a payment come to. */
export function refundedMinor({ refunds }: SandboxPayment): number {
  return refunds.reduce(
    (sum, { outcome, amount }) => sum + (outcome === "APPROVED" ? amount.minor : 0),
    0,
  );
}

type Verdict = Omit<Judgement, "payment">;

/** The outcome that the token has chosen for a step which nothing else speaks against. */
function behave(chosen: {
  readonly token: string | null;
  readonly step: PaymentStep;
  readonly moment: Moment;
  /** Whether the step has been declined before. */
  readonly isAgain?: boolean;
}): Verdict {
  const { step, moment, isAgain = false } = chosen;
  const token = readToken(chosen.token ?? "");
  if (token === null) return declined("TOKEN_UNKNOWN", moment.now);
  const how = token.get(step) ?? "approved";
  return verdictOf(how === "declined_once" && isAgain ? "approved" : how, step, moment);
}

function verdictOf(how: Behaviour, step: PaymentStep, { now, slowMs }: Moment): Verdict {
  const reason = step === "authorise" ? "CARD_DECLINED" : `${step.toUpperCase()}_DECLINED`;
  const approved = { decision: approvedAt(now), isAnswerLost: false };
  switch (how) {
    case "approved":
      return approved;
    case "declined":
    case "declined_once":
      return declined(reason, now);
    case "slow":
      return {
        ...approved,
        decision: { ...approvedAt(now), knownFrom: new Date(now.getTime() + slowMs) },
      };
    case "times_out_but_succeeds":
      return { ...approved, isAnswerLost: true };
    case "times_out_and_fails":
      return { ...declined(reason, now), isAnswerLost: true };
    case "requires_action":
      return { ...approved, decision: { outcome: "ACTION_REQUIRED", at: now, knownFrom: now } };
  }
}

function approvedAt(now: Date): Decision {
  return { outcome: "APPROVED", at: now, knownFrom: now };
}

function declined(reason: string, now: Date): Verdict {
  const decision: Decision = { outcome: "DECLINED", reason, at: now, knownFrom: now };
  return { decision, isAnswerLost: false };
}

function told(payment: SandboxPayment, decision: Decision): Judgement {
  return { payment, decision, isAnswerLost: false };
}

function isSameAmount(a: Amount, b: Amount): boolean {
  return a.minor === b.minor && a.currency === b.currency;
}

function assertSame(isSame: boolean): void {
  if (isSame) return;
  throw new PaymentError("KEY_REUSED", "This key stands for a call with another content");
}
