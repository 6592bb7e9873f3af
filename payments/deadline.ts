import type { Logger } from "pino";
import { PaymentError } from "./payment-error.ts";
import type { PaymentOutcome, PaymentProvider } from "./provider.ts";

export interface DeadlineOptions {
  /** A call answers `UNKNOWN` after this long, whatever becomes of it. */
  readonly callTimeoutMs: number;
  /** Calls under way, those included whose caller was told `UNKNOWN` meanwhile. */
  readonly callsInFlightMax: number;
  readonly logger: Logger;
}

type Gate = (name: string, call: () => Promise<PaymentOutcome>) => Promise<PaymentOutcome>;

/** Lets calls through so that each answers in time and only a `PaymentError` is thrown. */
export function createGate({ callTimeoutMs, callsInFlightMax, logger }: DeadlineOptions): Gate {
  let inFlight = 0;
  return async (name, call) => {
    if (inFlight >= callsInFlightMax) return { outcome: "UNKNOWN", reason: "TOO_MANY_CALLS" };
    inFlight += 1;
    const answer = call()
      .catch((error: unknown): PaymentOutcome => {
        if (error instanceof PaymentError) throw error;
        logger.warn({ err: error, call: name }, "a payment call has an unknown outcome");
        return { outcome: "UNKNOWN", reason: "UNAVAILABLE" };
      })
      .finally(() => (inFlight -= 1));
    // It may throw after the deadline, when nobody listens any more.
    answer.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<PaymentOutcome>((resolve) => {
      const answerLate = () => resolve({ outcome: "UNKNOWN", reason: "TIMED_OUT" });
      timer = setTimeout(answerLate, callTimeoutMs);
    });
    return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
  };
}

/**
 * The same provider, answering within the deadline: a call that takes longer, or that throws what
 * is no `PaymentError`, is `UNKNOWN`. A late call goes on and its answer is dropped, because a
 * repeat with the same key tells it; so the wrapped provider must end its calls by itself.
 */
export function withDeadline(provider: PaymentProvider, options: DeadlineOptions): PaymentProvider {
  const gate = createGate(options);
  return {
    authorise: (request) => gate("authorise", async () => await provider.authorise(request)),
    capture: (request) => gate("capture", async () => await provider.capture(request)),
    void: (request) => gate("void", async () => await provider.void(request)),
    refund: (request) => gate("refund", async () => await provider.refund(request)),
  };
}
