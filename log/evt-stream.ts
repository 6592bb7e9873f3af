import { setMaxListeners } from "node:events";
import { DiscardPolicy, NatsError, nanos, RetentionPolicy, StorageType } from "nats";
import type { JetStreamManager, NatsConnection, StreamInfo, StreamUpdateConfig } from "nats";
import { readMark } from "./evt-message.ts";
import type { MessageMark } from "./evt-message.ts";
import { EVT_STREAM } from "./evt.ts";
import { JetstreamError } from "./jetstream-error.ts";
import { untilAborted } from "./until-aborted.ts";

const API_TIMEOUT_MS = 3_000;
const PREPARE_TIMEOUT_MS = 10_000;
const LISTENERS_MAX = 100;
/** JetStream: the stream holds no such message. */
export const NO_MESSAGE = 10037;
const NO_STREAM = 10059;
const STREAM_EXISTS = 10058;
// Ids are random per attachment, so the window serves nothing; a short one costs little memory.
const DUPLICATE_WINDOW_MS = 10_000;

/** How much of the past `EVT` keeps; MongoDB keeps everything. */
export interface EvtLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
  readonly replicas?: number;
}

/** A month, or a gibibyte, whichever is less. */
export const DEFAULT_EVT_LIMITS: EvtLimits = {
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
  maxBytes: 1024 ** 3,
};

/** The stream as it is right now. */
export interface EvtState {
  /** Creation time as JetStream prints it (nanoseconds): another stream has another one. */
  readonly created: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
}

/** A message's mark with the sequence it is stored at. */
export interface StoredMark {
  readonly sequence: number;
  readonly mark: MessageMark | null;
}

/** The few questions that the relay and the reader ask JetStream. */
export interface EvtStream {
  /** Creates the stream, or brings its limits up to date. Throws EVT_REFUSED if JetStream won't. */
  ensure(limits: EvtLimits): Promise<EvtState>;
  /** Null when there is no such stream. */
  state(): Promise<EvtState | null>;
  /** The mark of the message at a sequence, or null when the stream does not hold it. */
  markAt(sequence: number): Promise<StoredMark | null>;
  /** The mark of the last message whose subject matches, or null. */
  lastMark(subject: string): Promise<StoredMark | null>;
}

/**
 * Opens the management side of `EVT`. Its calls throw the client's NatsError while NATS is away,
 * and the signal's reason as soon as that aborts.
 */
export async function openEvtStream(nats: NatsConnection, signal: AbortSignal): Promise<EvtStream> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: API_TIMEOUT_MS });
  // Every question in flight listens; Node warns of a leak from the eleventh on.
  setMaxListeners(LISTENERS_MAX, signal);
  const markOf = async (query: { seq: number } | { last_by_subj: string }) => {
    try {
      const message = await manager.streams.getMessage(EVT_STREAM, query);
      return { sequence: message.seq, mark: readMark(message.header) };
    } catch (error) {
      if (apiCode(error) === NO_MESSAGE) return null;
      throw error;
    }
  };
  return {
    ensure: (limits) => untilAborted(ensureStream(manager, limits), signal),
    state: () => untilAborted(readState(manager), signal),
    markAt: (sequence) => untilAborted(markOf({ seq: sequence }), signal),
    lastMark: (subject) => untilAborted(markOf({ last_by_subj: subject }), signal),
  };
}

/**
 * Makes sure that `EVT` is there before anything reads or writes it. Throws EVT_REFUSED, a sentence
 * for the operator, when JetStream will not have it (a disk that is too small, other subjects).
 */
export async function prepareEvt(nats: NatsConnection, limits: EvtLimits): Promise<void> {
  const stream = await openEvtStream(nats, AbortSignal.timeout(PREPARE_TIMEOUT_MS));
  await stream.ensure(limits);
}

/** JetStream's own number for an API error, or undefined for anything else. */
export function apiCode(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined;
}

async function readState(manager: JetStreamManager): Promise<EvtState | null> {
  const info = await infoOf(manager);
  return info === null ? null : stateOf(info);
}

async function ensureStream(manager: JetStreamManager, limits: EvtLimits): Promise<EvtState> {
  try {
    const info = await infoOf(manager);
    if (info === null) return stateOf(await create(manager, limits));
    const wanted = changeable(limits);
    const isAsWanted =
      info.config.max_age === wanted.max_age &&
      info.config.max_bytes === wanted.max_bytes &&
      info.config.num_replicas === wanted.num_replicas &&
      info.config.duplicate_window === wanted.duplicate_window;
    return stateOf(isAsWanted ? info : await manager.streams.update(EVT_STREAM, wanted));
  } catch (error) {
    if (apiCode(error) === undefined) throw error;
    throw new JetstreamError(
      "EVT_REFUSED",
      `JetStream refuses the stream ${EVT_STREAM} of ${limits.maxBytes} bytes: ` +
        `${error instanceof Error ? error.message : ""}; give it more disk, or lower ` +
        "STATECART_EVT_MAX_BYTES",
      error,
    );
  }
}

async function infoOf(manager: JetStreamManager): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(EVT_STREAM);
  } catch (error) {
    if (apiCode(error) === NO_STREAM) return null;
    throw error;
  }
}

async function create(manager: JetStreamManager, limits: EvtLimits): Promise<StreamInfo> {
  try {
    return await manager.streams.add({
      name: EVT_STREAM,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      // Only age and size remove messages, from the front, so what is there has no holes.
      deny_delete: true,
      deny_purge: true,
      ...changeable(limits),
    });
  } catch (error) {
    if (apiCode(error) === STREAM_EXISTS) return manager.streams.info(EVT_STREAM);
    throw error;
  }
}

function changeable(limits: EvtLimits): Partial<StreamUpdateConfig> {
  return {
    subjects: ["evt.>"],
    max_age: nanos(limits.maxAgeMs),
    max_bytes: limits.maxBytes,
    num_replicas: limits.replicas ?? 1,
    duplicate_window: nanos(Math.min(DUPLICATE_WINDOW_MS, limits.maxAgeMs)),
  };
}

function stateOf(info: StreamInfo): EvtState {
  return {
    created: info.created,
    firstSequence: info.state.first_seq,
    lastSequence: info.state.last_seq,
    messages: info.state.messages,
  };
}
