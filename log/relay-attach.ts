import type { NatsConnection } from "nats";
import type { Checkpoints } from "./checkpoints.ts";
import type { EventStore } from "./event-store.ts";
import type { MessageMark } from "./evt-message.ts";
import type { EvtLimits, EvtStream } from "./evt-stream.ts";
import type { MongoTail } from "./mongo-tail.ts";
import { createChain } from "./relay-batch.ts";
import type { Chain, StreamEnd } from "./relay-batch.ts";
import { loadCheckpoint } from "./relay-checkpoint.ts";
import { repair } from "./repair.ts";
import type { Position } from "./tail.ts";

/** What one attachment of the relay works with; all of it ends with `signal`. */
export interface AttachOptions {
  readonly nats: NatsConnection;
  readonly store: Pick<EventStore, "read">;
  readonly tail: MongoTail;
  readonly checkpoints: Checkpoints;
  readonly evt: EvtStream;
  readonly limits: EvtLimits;
  readonly signal: AbortSignal;
  readonly onStored: (count: number) => void;
  readonly onRepair: () => void;
  /** True after the change stream no longer knew the position of the attachment before. */
  readonly isPositionLost: boolean;
}

/** Everything before `position` is in the stream, which ends where `chain` does. */
export interface Attachment {
  readonly chain: Chain;
  readonly position: Position;
  /** The stream's last message, whose commit may come again from this position. */
  readonly last: { readonly stream: string; readonly version: number } | null;
  readonly created: string;
}

/**
 * Finds where to go on: the checkpoint if all of it matches the stream, else the position in the
 * stream's last message, else a repair. Throws when NATS or MongoDB is away: try again.
 */
export async function attach(options: AttachOptions): Promise<Attachment> {
  const { created, lastSequence } = await options.evt.ensure(options.limits);
  const last = lastSequence === 0 ? null : ((await options.evt.markAt(lastSequence))?.mark ?? null);
  const end: StreamEnd = { sequence: lastSequence, messageId: last?.messageId ?? "" };
  const position = options.isPositionLost
    ? null
    : await findPosition(options, { ...end, created, last });
  if (position !== null && (await isOfThisDatabase(options.tail, position))) {
    return { chain: createChain(options.nats, end, options), position, last, created };
  }
  options.onRepair();
  const repaired = await repair({ ...options, maxAgeMs: options.limits.maxAgeMs });
  return { ...repaired, last: null, created };
}

/** The position that the stream as it is proves, or null when it proves none. */
async function findPosition(
  { checkpoints }: AttachOptions,
  stream: StreamEnd & { readonly created: string; readonly last: MessageMark | null },
): Promise<Position | null> {
  const checkpoint = await loadCheckpoint(checkpoints);
  if (checkpoint === null) return stream.last?.position ?? null;
  if ("repair" in checkpoint) return null;
  const isMatch =
    checkpoint.created === stream.created &&
    checkpoint.sequence === stream.sequence &&
    checkpoint.lastId === stream.messageId;
  if (!isMatch) return stream.last?.position ?? null;
  return { token: checkpoint.token, time: checkpoint.time };
}

/** A token from the future is of another database, or of this one before it was set back. */
async function isOfThisDatabase(tail: MongoTail, position: Position): Promise<boolean> {
  const { token } = await tail.now();
  return token !== null && position.token !== null && position.token <= token;
}
