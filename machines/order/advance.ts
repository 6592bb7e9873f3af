import type { DomainEvent } from "../kernel/aggregate.ts";
import type { OrderState } from "./state.ts";
import {
  cancelForStock,
  complete,
  confirm,
  finishCancelling,
  giveUpPaying,
  refuseLine,
} from "./steps/lifecycle.ts";
import {
  refundDead,
  refundOwed,
  requestAuthorisation,
  requestCapture,
  voidForDead,
} from "./steps/money.ts";
import {
  completeCommitment,
  completeConsumption,
  completeRelease,
  completeReservation,
  releaseStock,
  requestCommits,
  reserveNextLine,
} from "./steps/stock.ts";

type Step = (state: OrderState, now: string) => readonly DomainEvent[];

const steps: readonly Step[] = [
  refuseLine,
  giveUpPaying,
  releaseStock,
  reserveNextLine,
  completeReservation,
  requestAuthorisation,
  confirm,
  requestCommits,
  cancelForStock,
  completeCommitment,
  requestCapture,
  voidForDead,
  refundDead,
  refundOwed,
  completeConsumption,
  completeRelease,
  finishCancelling,
  complete,
];

/**
 * What follows from where an order stands, one step at a time: the next line to reserve, the
 * authorisation once all lines are reserved, the capture once all are committed, what has to be
 * given back, the end. Every accepted command runs it, answers and late answers too, so no answer
 * needs to know what comes after it.
 */
export function advanceOrder(state: OrderState, now: string): readonly DomainEvent[] {
  for (const step of steps) {
    const events = step(state, now);
    if (events.length > 0) return events;
  }
  return [];
}
