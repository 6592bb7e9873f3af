import type { NatsConnection } from "nats";
import type { Logger } from "pino";
import { backOff } from "./backoff.ts";
import { entityWildcard } from "./cloud-event.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { EventStore } from "./event-store.ts";
import type { EvtLimits, EvtStream } from "./evt-stream.ts";
import { DEFAULT_EVT_LIMITS, openEvtStream } from "./evt-stream.ts";
import { watchHead, type HeadWatch } from "./head-watch.ts";
import { hasCode, JetstreamError } from "./jetstream-error.ts";
import type { Leases } from "./leases.ts";
import type { MongoTail } from "./mongo-tail.ts";
import { onDisconnect, untilConnected } from "./nats-connection.ts";
import { runSession } from "./relay-session.ts";
import type { StoreHead } from "./store-head.ts";

const LEASE = "relay";
const LEASE_TTL_MS = 5_000;

/** What the relay connects. */
export interface RelayOptions {
  readonly nats: NatsConnection;
  readonly store: Pick<EventStore, "read">;
  readonly tail: MongoTail;
  readonly checkpoints: Checkpoints;
  readonly leases: Leases;
  readonly limits?: EvtLimits;
  readonly logger: Logger;
}

export type RelayState = "stopped" | "standby" | "attaching" | "repairing" | "following";

/** Where the relay stands, for readiness and metrics. */
export interface RelayStatus {
  readonly state: RelayState;
  readonly attached: boolean;
  /** The stream's last sequence that this relay has proved. */
  readonly lastSequence: number;
  /** Events published by this process. */
  readonly published: number;
  /**
   * How old the last published commit is while there is more, or for how long the newest commit has
   * been missing from the stream; 0 at the end, absent if unknown.
   */
  readonly lagMs?: number;
}

/** Carries every commit into `EVT`, each event once, for ever; nothing else may publish there. */
export interface Relay {
  start(): void;
  /** Ends at once; what was in flight is settled by the next attachment. */
  stop(): Promise<void>;
  status(): RelayStatus;
}

/** A relay at rest; once started it rides out every outage by itself and never throws. */
export function createRelay(options: RelayOptions): Relay {
  const stopping = new AbortController();
  const progress: Progress = {
    state: "stopped",
    lastSequence: 0,
    published: 0,
    behind: undefined,
    evt: null,
    watch: null,
  };
  let running: Promise<void> | null = null;

  const serve = async (lost: AbortSignal): Promise<void> => {
    const signal = AbortSignal.any([stopping.signal, lost]);
    const hasReached = (head: StoreHead) => isInStream(progress, head);
    progress.watch = watchHead({ readHead: options.tail.head, hasReached });
    try {
      await attachForEver(options, progress, signal);
    } finally {
      progress.watch.close();
      progress.watch = null;
    }
    progress.state = "standby";
  };

  return {
    start() {
      if (running !== null || stopping.signal.aborted) return;
      progress.state = "standby";
      running = options.leases
        .hold(LEASE, {
          ttlMs: LEASE_TTL_MS,
          signal: stopping.signal,
          onHeld: (_epoch, lost) => serve(lost),
        })
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) options.logger.error({ err: error }, "the relay ended");
        });
    },
    async stop() {
      stopping.abort(new JetstreamError("RELAY_INTERRUPTED", "The relay is stopped."));
      await running;
      progress.state = "stopped";
    },
    status: () => statusOf(progress),
  };
}

interface Progress {
  state: RelayState;
  lastSequence: number;
  published: number;
  /** Server time of the last commit while there is more, null at the end, undefined if unknown. */
  behind: number | null | undefined;
  /** The stream of the present attachment. */
  evt: EvtStream | null;
  /** Only while this relay is the active one. */
  watch: HeadWatch | null;
}

/** Asks the stream itself; while it does not answer nothing new gets into it. */
async function isInStream({ evt }: Progress, head: StoreHead): Promise<boolean> {
  if (evt === null) return false;
  try {
    const last = await evt.lastMark(entityWildcard(head));
    return (last?.mark?.version ?? 0) >= head.version;
  } catch {
    return false;
  }
}

function statusOf(progress: Progress): RelayStatus {
  const { state, lastSequence, published, behind, watch } = progress;
  const attached = state === "following";
  const base = { state, attached, lastSequence, published };
  const missingMs = watch?.lagMs() ?? 0;
  if (!attached || behind === undefined)
    return missingMs > 0 ? { ...base, lagMs: missingMs } : base;
  return { ...base, lagMs: Math.max(missingMs, behind === null ? 0 : Date.now() - behind) };
}

/** Attaches, follows, and attaches anew after whatever goes wrong, until the signal aborts. */
async function attachForEver(
  options: RelayOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  let attempt = 0;
  let isPositionLost = false;
  for (;;) {
    await untilConnected(options.nats, signal);
    const { hasAttached, error } = await attachOnce(options, progress, { signal, isPositionLost });
    if (signal.aborted) return;
    isPositionLost = hasCode(error, "RELAY_POSITION_LOST");
    attempt = hasAttached ? 0 : attempt + 1;
    // An outage is one line at its start and one at its end, not one for each attempt.
    if (attempt <= 1) options.logger.warn({ err: error }, "the relay attaches anew");
    // Its jitter also keeps two relays from undoing one another at the same pace for ever.
    await backOff(attempt, signal);
  }
}

async function attachOnce(
  options: RelayOptions,
  progress: Progress,
  { signal, isPositionLost }: { signal: AbortSignal; isPositionLost: boolean },
): Promise<{ hasAttached: boolean; error: unknown }> {
  const interrupted = new AbortController();
  const forget = onDisconnect(options.nats, () => {
    interrupted.abort(new JetstreamError("RELAY_INTERRUPTED", "NATS went away."));
  });
  const sessionSignal = AbortSignal.any([signal, interrupted.signal]);
  let hasAttached = false;
  progress.state = "attaching";
  progress.behind = undefined;
  try {
    progress.evt = await openEvtStream(options.nats, sessionSignal);
    await runSession(
      {
        ...options,
        evt: progress.evt,
        limits: options.limits ?? DEFAULT_EVT_LIMITS,
        signal: sessionSignal,
        isPositionLost,
        onStored: (count) => {
          progress.published += count;
          progress.lastSequence += count;
        },
        onRepair: () => {
          progress.state = "repairing";
          options.logger.info("the relay brings the stream level with the log");
        },
      },
      {
        onAttached: (lastSequence) => {
          hasAttached = true;
          progress.state = "following";
          progress.lastSequence = lastSequence;
          options.logger.info({ lastSequence }, "the relay is attached");
        },
        onProgress: (behindSince) => {
          progress.behind = behindSince;
        },
      },
    );
    return { hasAttached, error: sessionSignal.reason };
  } catch (error) {
    return { hasAttached, error };
  } finally {
    // Also ends the requests and the tail of a session that failed by itself.
    interrupted.abort(new JetstreamError("RELAY_INTERRUPTED", "The session has ended."));
    forget();
  }
}
