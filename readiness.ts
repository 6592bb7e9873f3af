import type { Db } from "mongodb";
import type { Reactor, TimerFiring } from "./actors/index.ts";
import type { EvtReader, Relay } from "./log/index.ts";
import type { Projections } from "./projections/index.ts";

/** Longest that a question about health may take before the answer is no. */
const ASK_TIMEOUT_MS = 2_000;

/** The rooms whose health is asked after. */
export interface HealthParts {
  readonly db: Db;
  readonly evt: EvtReader;
  readonly relay: Relay;
  readonly reactor: Reactor;
  readonly timerFiring: TimerFiring;
  readonly projections: Projections;
  /** A projector that is further behind (ms) makes the process not ready. */
  readonly lagMaxMs: number;
}

/**
 * Whether this process should be sent requests: MongoDB answers and the projectors keep up.
 * JetStream itself is asked and told of, and does not decide: commands and queries are answered
 * without it.
 */
export async function readiness(parts: HealthParts) {
  const { db, evt, relay, reactor, timerFiring, projections, lagMaxMs } = parts;
  const [mongodb, jetstream] = await Promise.all([
    answers(() => db.command({ ping: 1 }, { timeoutMS: ASK_TIMEOUT_MS })),
    answers(() => evt.info()),
  ]);
  const projectors = projections.status();
  const areWell = projectors.every(({ failure, lagMs }) => failure === null && lagMs <= lagMaxMs);
  const details = {
    mongodb,
    jetstream,
    relay: relay.status(),
    reactor: reactor.status(),
    timers: timerFiring.status(),
    projectors,
  };
  return { isReady: mongodb && areWell, details };
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), ASK_TIMEOUT_MS);
  });
  try {
    await Promise.race([ask(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
