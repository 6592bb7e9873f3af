import type { Logger } from "pino";
import type { Leases, StoredTimer, Timers } from "../log/index.ts";
import { timerCommandIdOf, type Caller } from "../machines/index.ts";
import { Alarm } from "./alarm.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { CommandBus, CommandOutcome } from "./command.ts";

/** The name of the lease. */
const TIMERS = "timers";
const CALLER: Caller = { subject: "timers", scope: "internal" };
/** A timer is told apart by its id alone. */
const PAYLOAD_HASH = "timer";
/** Timers that are sent at once; the next round begins when all of them are answered. */
const TIMERS_PER_ROUND_MAX = 64;
/** Timers that another process has begun are found by looking this often. */
const POLL_INTERVAL_MS = 1_000;
/** An entity that does not answer is asked again after this long, so that the others get on. */
const RETRY_DELAY_MS = 2_000;
/** So is one with a bug, which other code may mend. */
const FAULT_DELAY_MS = 60_000;

export interface TimerFiringOptions {
  readonly bus: CommandBus;
  readonly timers: Timers;
  readonly leases: Leases;
  /** What is due by this clock is sent, with its time as the command's `now`. */
  readonly clock?: Clock;
  readonly attemptTimeoutMs: number;
  readonly leaseTtlMs: number;
  readonly pollIntervalMs?: number;
  readonly logger: Logger;
}

/** Sends the commands whose moment has come, by one process at a time. */
export interface TimerFiring {
  /** `fired`: timers that had a definite answer since the start of this process. */
  status(): { readonly isActive: boolean; readonly fired: number };
  /** Sends nothing more and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/**
 * Starts sending whenever this process holds the lease. A timer is deleted only after a definite
 * answer; the entity is the judge and refuses what it has moved on from. Sent twice, by whomever, a
 * timer has the same command id.
 */
export function createTimerFiring(options: TimerFiringOptions): TimerFiring {
  const { bus, timers, leases, leaseTtlMs, clock = systemClock, logger } = options;
  const { pollIntervalMs = POLL_INTERVAL_MS } = options;
  const stopping = new AbortController();
  const status = { isActive: false, fired: 0 };

  /** Sends one timer; true when it is done with. */
  async function fire(timer: StoredTimer): Promise<boolean> {
    const now = clock.now();
    const deadline = Date.now() + options.attemptTimeoutMs;
    const outcome = await bus.send(envelopeOf(timer, now, deadline));
    if (isFault(outcome)) {
      const { timerId, command } = timer;
      logger.error({ timerId, command, answer: codeOf(outcome) }, "a timer was not taken");
    }
    const delayMs = delayAfter(outcome, now);
    if (delayMs !== null) await timers.postpone(timer.timerId, new Date(now.getTime() + delayMs));
    return delayMs === null;
  }

  /** Sends what is due; resolves with how long nothing is. */
  async function round(): Promise<number> {
    const due = await timers.due(clock.now(), TIMERS_PER_ROUND_MAX);
    const isDone = await Promise.all(due.map(fire));
    const done = due.filter((_, index) => isDone[index] === true);
    if (done.length > 0) await timers.remove(done.map(({ timerId }) => timerId));
    status.fired += done.length;
    if (due.length === TIMERS_PER_ROUND_MAX) return 0;
    const next = await timers.next();
    return next === null ? Infinity : Math.max(0, next.getTime() - clock.now().getTime());
  }

  async function onHeld(_epoch: number, lost: AbortSignal): Promise<void> {
    status.isActive = true;
    const alarm = new Alarm();
    const ring = () => alarm.ring();
    lost.addEventListener("abort", ring, { once: true });
    const undo = timers.onBegun((earliest) => alarm.ring(earliest.getTime()));
    try {
      while (!lost.aborted) {
        alarm.arm();
        const sleepMs = Math.min(await round(), pollIntervalMs);
        await alarm.sleep(sleepMs, clock.now().getTime());
      }
    } finally {
      undo();
      lost.removeEventListener("abort", ring);
      status.isActive = false;
    }
  }

  const held = leases.hold(TIMERS, { ttlMs: leaseTtlMs, signal: stopping.signal, onHeld });
  return {
    status: () => ({ ...status }),
    async stop() {
      stopping.abort();
      await held;
    },
  };
}

function envelopeOf(timer: StoredTimer, now: Date, deadline: number) {
  const { timerId, aggregate, stream, command: type, data } = timer;
  const enteredVersion = timerId.slice(timerId.lastIndexOf("/") + 1);
  return {
    commandId: timerCommandIdOf(timerId),
    aggregate,
    entityId: stream,
    command: { type, data, now: now.toISOString(), by: CALLER },
    payloadHash: PAYLOAD_HASH,
    correlationId: timerId,
    causationId: `${stream}/${enteredVersion}`,
    deadline,
  };
}

/** Null after a definite answer, else how long to wait before it is asked again. */
function delayAfter(outcome: CommandOutcome, now: Date): number | null {
  if (outcome.kind === "failed") {
    return outcome.code === "FAULT" ? FAULT_DELAY_MS : RETRY_DELAY_MS;
  }
  // Due later than its timer says: this clock was set back, or the deadline has moved since.
  if (codeOf(outcome) !== "NOT_DUE" || outcome.kind !== "refused") return null;
  const { dueAt } = outcome.refusal.details;
  return typeof dueAt === "string" ? Date.parse(dueAt) - now.getTime() : null;
}

/** An answer that no timer should have: neither taken nor overtaken by what happened. */
function isFault(outcome: CommandOutcome): boolean {
  return ["FAULT", "INVALID_COMMAND", "FORBIDDEN", "NOT_FOUND"].includes(codeOf(outcome));
}

function codeOf(outcome: CommandOutcome): string {
  if (outcome.kind === "refused") return outcome.refusal.code;
  return outcome.kind === "failed" ? outcome.code : outcome.kind;
}
