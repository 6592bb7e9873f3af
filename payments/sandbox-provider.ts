import { setTimeout as delay } from "node:timers/promises";
import type { Db } from "mongodb";
import type { Logger } from "pino";
import { createGate } from "./deadline.ts";
import type { PaymentNotice } from "./notice.ts";
import type { PaymentOutcome, PaymentProvider } from "./provider.ts";
import { checked, requests } from "./requests.ts";
import { createSandboxLedger, type SandboxLedger } from "./sandbox-ledger.ts";
import * as rules from "./sandbox-payment.ts";
import { change, openPayments } from "./sandbox-store.ts";

/** Where the sandbox takes its time from; a test moves it by hand. */
export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds by this clock. */
  wait(durationMs: number): Promise<void>;
}

export interface SandboxOptions {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** A call answers within this time; past it its outcome is unknown. */
  readonly callTimeoutMs?: number;
  /** One call more is answered `UNKNOWN` at once. */
  readonly callsInFlightMax?: number;
  /** When a `slow` outcome becomes known, counted from its decision. */
  readonly slowMs?: number;
  /** A capture of an older authorisation is declined. */
  readonly authorisationTtlMs?: number;
  /** The page on which a person confirms a payment that requires it. */
  readonly actionUrlOf?: (key: string) => string | undefined;
  /** Told what a person has made of a required action; the answer waits for it. */
  readonly notify?: (notice: PaymentNotice) => Promise<unknown>;
}

/** A provider to try everything with: the payment token chooses what becomes of each step. */
export interface SandboxProvider extends PaymentProvider {
  /** The person confirms; answers what the payment came to, the same when repeated. */
  confirmAction(key: string): Promise<PaymentOutcome>;
  /** The person refuses, or fails to prove who they are. */
  declineAction(key: string): Promise<PaymentOutcome>;
  readonly ledger: SandboxLedger;
}

type Judge = (payment: rules.SandboxPayment | null) => rules.Judgement | null;

const DAY_MS = 24 * 3_600_000;

const systemClock: Clock = {
  now: () => new Date(),
  wait: (durationMs) => delay(durationMs),
};

function outcomeOf(
  { outcome, reason }: rules.Decision,
  actionUrl: string | undefined,
): PaymentOutcome {
  switch (outcome) {
    case "APPROVED":
      return { outcome };
    case "DECLINED":
      return { outcome, reason: reason ?? "DECLINED" };
    case "ACTION_REQUIRED":
      return { outcome, ...(actionUrl !== undefined && { actionUrl }) };
  }
}

/** Tells decisions as late, or not at all, as their tokens want it. */
function createTeller(
  clock: Clock,
  { callTimeoutMs, actionUrlOf }: Pick<SandboxOptions, "actionUrlOf"> & { callTimeoutMs: number },
) {
  return async (key: string, judgement: rules.Judgement | null): Promise<PaymentOutcome> => {
    if (judgement === null) return { outcome: "UNKNOWN", reason: "PAYMENT_NOT_FOUND" };
    const { decision, isAnswerLost } = judgement;
    const remainingMs = decision.knownFrom.getTime() - clock.now().getTime();
    const waitMs = isAnswerLost ? callTimeoutMs : Math.min(remainingMs, callTimeoutMs);
    if (waitMs > 0) await clock.wait(waitMs);
    const isKnown = !isAnswerLost && decision.knownFrom.getTime() <= clock.now().getTime();
    return isKnown
      ? outcomeOf(decision, actionUrlOf?.(key))
      : { outcome: "UNKNOWN", reason: "TIMED_OUT" };
  };
}

/** Opens the sandbox on its own collection; throws the driver's error when that cannot be made. */
export async function createSandboxProvider(
  db: Db,
  options: SandboxOptions,
): Promise<SandboxProvider> {
  const { logger, clock = systemClock, callTimeoutMs = 2_000, callsInFlightMax = 1_000 } = options;
  const { slowMs = 10_000, authorisationTtlMs = 7 * DAY_MS } = options;
  const payments = await openPayments(db);
  const gate = createGate({ callTimeoutMs, callsInFlightMax, logger });
  const moment = () => ({ now: clock.now(), slowMs, authorisationTtlMs });

  const tell = createTeller(clock, { ...options, callTimeoutMs });
  const decide = async (key: string, judge: Judge) =>
    await tell(key, await change(payments, { key, judge }));

  const settleAction = async (given: string, isConfirmed: boolean): Promise<PaymentOutcome> => {
    const made: { notice?: Pick<PaymentNotice, "orderId" | "key"> } = {};
    const outcome = await gate(isConfirmed ? "confirmAction" : "declineAction", async () => {
      const { key } = checked(requests.void, { key: given });
      const judge = (payment: rules.SandboxPayment | null) =>
        payment && rules.settleAction(payment, isConfirmed, moment());
      const judgement = await change(payments, { key, judge });
      const orderId = judgement?.payment.reference ?? null;
      if (orderId !== null) made.notice = { orderId, key };
      return await tell(key, judgement);
    });
    if (made.notice === undefined || outcome.outcome === "UNKNOWN") return outcome;
    // By the decision: a person who comes again brings the same notice about.
    const id = `action/${made.notice.key}/${outcome.outcome}`;
    await options.notify?.({ id, ...made.notice, call: "authorise", outcome });
    return outcome;
  };

  return {
    authorise: (given) =>
      gate("authorise", async () => {
        const { key, ...request } = checked(requests.authorise, given);
        const judge = (payment: rules.SandboxPayment | null) =>
          rules.authorise(payment, request, moment());
        return await tell(key, await change(payments, { key, judge, isNew: true }));
      }),
    capture: (given) =>
      gate("capture", async () => {
        const { key, ...request } = checked(requests.capture, given);
        return await decide(key, (payment) => payment && rules.capture(payment, request, moment()));
      }),
    void: (given) =>
      gate("void", async () => {
        const { key } = checked(requests.void, given);
        return await decide(key, (payment) => rules.voidPayment(payment, moment()));
      }),
    refund: (given) =>
      gate("refund", async () => {
        const { paymentKey, ...request } = checked(requests.refund, given);
        const judge: Judge = (payment) => payment && rules.refund(payment, request, moment());
        return await decide(paymentKey, judge);
      }),
    confirmAction: (key) => settleAction(key, true),
    declineAction: (key) => settleAction(key, false),
    ledger: createSandboxLedger(payments),
  };
}
