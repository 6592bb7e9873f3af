import { AckPolicy, createInbox, DeliverPolicy, nanos, ReplayPolicy } from "nats";
import type { JetStreamManager, NatsConnection } from "nats";
import { EVT_STREAM } from "./evt.ts";
import type { EvtInfo, EvtReader } from "./evt.ts";
import { createEvtInbox, decodeEvent, interrupted } from "./evt-inbox.ts";
import type { EvtInbox } from "./evt-inbox.ts";
import { apiCode, NO_MESSAGE } from "./evt-stream.ts";
import { JetstreamError } from "./jetstream-error.ts";
import { onDisconnect, whileConnected } from "./nats-connection.ts";

const API_TIMEOUT_MS = 3_000;
const HEARTBEAT_INTERVAL_MS = 1_000;
const SILENCE_MAX_MS = 3_500;
const CONSUMER_IDLE_MAX_MS = 30_000;

/**
 * The read side of `EVT` over one connection. It never recreates its consumer by itself: after a
 * wipe that would go on at the old sequence of a new stream and never deliver what lies before.
 */
export function createEvtReader(nats: NatsConnection): EvtReader {
  let opening: Promise<JetStreamManager> | null = null;
  const ask: Ask = async (request) => {
    opening ??= nats.jetstreamManager({ checkAPI: false, timeout: API_TIMEOUT_MS });
    const manager = await opening;
    return whileConnected(nats, () => request(manager));
  };

  return {
    info: () => readInfo(ask),
    async message(sequence) {
      try {
        const query = { seq: sequence };
        const stored = await ask(({ streams }) => streams.getMessage(EVT_STREAM, query));
        const event = decodeEvent(stored.data);
        return event === null ? null : { sequence, storedAt: stored.time.getTime(), event };
      } catch (error) {
        if (apiCode(error) === NO_MESSAGE) return null;
        throw unavailable(error);
      }
    },
    async *follow(afterSequence, options) {
      if (options.signal.aborted) return;
      const inbox = createEvtInbox(afterSequence, (subject) => nats.publish(subject));
      const close = openInbox(nats, inbox, options.signal);
      try {
        await consume(ask, close.subject, { afterSequence, ...options });
        yield* inbox.read();
      } finally {
        close.now();
      }
    },
  };
}

/** Asks JetStream one thing; fails at once when the connection does. */
type Ask = <T>(request: (manager: JetStreamManager) => Promise<T>) => Promise<T>;

async function readInfo(ask: Ask): Promise<EvtInfo> {
  try {
    const { created, state } = await ask(({ streams }) => streams.info(EVT_STREAM));
    return {
      created: Date.parse(created),
      firstSequence: state.first_seq,
      lastSequence: state.last_seq,
    };
  } catch (error) {
    throw unavailable(error);
  }
}

/** Subscribes, and ends the inbox on a disconnect, on silence and on the caller's signal. */
function openInbox(
  nats: NatsConnection,
  inbox: EvtInbox,
  signal: AbortSignal,
): { readonly subject: string; now(): void } {
  const subject = createInbox();
  let heardAt = Date.now();
  const subscription = nats.subscribe(subject, {
    callback: (error, delivery) => {
      heardAt = Date.now();
      if (error === null) inbox.put(delivery);
      else inbox.end(interrupted(error.message));
    },
  });
  const forget = onDisconnect(nats, () => inbox.end(interrupted("NATS went away")));
  const watch = setInterval(() => {
    if (Date.now() - heardAt > SILENCE_MAX_MS) inbox.end(interrupted("the consumer is silent"));
  }, HEARTBEAT_INTERVAL_MS);
  const onAbort = () => inbox.end();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    subject,
    now() {
      signal.removeEventListener("abort", onAbort);
      clearInterval(watch);
      forget();
      // Without interest the server removes the consumer by itself.
      if (!nats.isClosed()) subscription.unsubscribe();
    },
  };
}

async function consume(
  ask: Ask,
  subject: string,
  { afterSequence, created }: { afterSequence: number; created?: number },
): Promise<void> {
  try {
    const config = {
      // Push with flow control: the client's newer pull consumers recreate themselves in silence.
      deliver_subject: subject,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: afterSequence + 1,
      ack_policy: AckPolicy.None,
      replay_policy: ReplayPolicy.Instant,
      max_deliver: 1,
      flow_control: true,
      idle_heartbeat: nanos(HEARTBEAT_INTERVAL_MS),
      inactive_threshold: nanos(CONSUMER_IDLE_MAX_MS),
      mem_storage: true,
      num_replicas: 1,
    };
    await ask(({ consumers }) => consumers.add(EVT_STREAM, config));
  } catch (error) {
    throw unavailable(error);
  }
  // Asked after the consumer exists, so that it speaks of the stream that the consumer reads.
  const info = await readInfo(ask);
  if (created !== undefined && info.created !== created) {
    throw interrupted("the stream was replaced");
  }
  if (info.lastSequence < afterSequence) throw interrupted("the stream ends before the position");
}

function unavailable(error: unknown): JetstreamError {
  const message = error instanceof Error ? error.message : String(error);
  return new JetstreamError("EVT_UNAVAILABLE", `EVT does not answer: ${message}`, error);
}
