import { createHash } from "node:crypto";
import { z } from "zod";
import type { EvtInfo, EvtMessage, EvtReader } from "../log/index.ts";
import type { Cursor, ResetReason } from "./feed.ts";

/**
 * A place in `EVT`: after the message of that sequence. `mark` and `time` say which message it was
 * and when it was stored, since the same event at the same sequence does not prove the same past.
 * Where the stream holds no message, `mark` is empty and `time` is when the stream was created.
 */
export interface FeedPosition {
  readonly sequence: number;
  readonly mark: string;
  readonly time: number;
}

/** The end of the stream: its last message, if it holds one, and the stream it is the end of. */
export interface EvtEnd {
  readonly position: FeedPosition;
  readonly created: number;
  readonly message: EvtMessage | null;
}

/** Whether a position is still one of the stream, and of which stream. */
export type Located =
  | { readonly kind: "here"; readonly created: number; readonly lastSequence: number }
  | { readonly kind: "gone"; readonly reason: ResetReason };

const CURSOR_LENGTH_MAX = 200;
const MARK_BYTES = 12;

const mark = z.string().regex(/^[A-Za-z0-9_-]{0,16}$/);
const cursorSchema = z.tuple([z.int().min(0), mark, z.int().min(0)]);
const entityCursorSchema = z.tuple([z.int().min(0), mark]);

/** The position right after a message. */
export function positionOf({ sequence, storedAt, event }: EvtMessage): FeedPosition {
  return { sequence, mark: markOf(event.id), time: storedAt };
}

/** Reads where the stream ends now. Throws `EVT_UNAVAILABLE`. */
export async function findEnd(evt: EvtReader): Promise<EvtEnd> {
  const { created, lastSequence } = await evt.info();
  const message = lastSequence === 0 ? null : await evt.message(lastSequence);
  const position =
    message === null ? { sequence: lastSequence, mark: "", time: created } : positionOf(message);
  return { position, created, message };
}

/** Looks whether a position still means what it meant. Throws `EVT_UNAVAILABLE`. */
export async function locate(evt: EvtReader, position: FeedPosition): Promise<Located> {
  const info = await evt.info();
  if (position.sequence > info.lastSequence) return { kind: "gone", reason: "STREAM_CHANGED" };
  const message = position.sequence === 0 ? null : await evt.message(position.sequence);
  const reason = message === null ? lossAt(position, info) : changeAt(position, message);
  if (reason !== null) return { kind: "gone", reason };
  return { kind: "here", created: info.created, lastSequence: info.lastSequence };
}

function changeAt(position: FeedPosition, message: EvtMessage): ResetReason | null {
  const { mark, time } = positionOf(message);
  return mark === position.mark && time === position.time ? null : "STREAM_CHANGED";
}

function lossAt({ sequence, mark, time }: FeedPosition, info: EvtInfo): ResetReason | null {
  if (mark !== "") return sequence < info.firstSequence ? "CURSOR_EXPIRED" : "STREAM_CHANGED";
  if (time !== info.created) return "STREAM_CHANGED";
  return info.firstSequence <= sequence + 1 ? null : "CURSOR_EXPIRED";
}

/** The opaque cursor of a position. */
export function encodeCursor({ sequence, mark, time }: FeedPosition): Cursor {
  return Buffer.from(JSON.stringify([sequence, mark, time])).toString("base64url");
}

/** The position in a cursor, or null when it is none of ours. */
export function decodeCursor(cursor: Cursor): FeedPosition | null {
  const parsed = cursorSchema.safeParse(decoded(cursor));
  if (!parsed.success) return null;
  const [sequence, mark, time] = parsed.data;
  return { sequence, mark, time };
}

/** The opaque cursor of a place in the history of one entity: after that version. */
export function encodeEntityCursor(id: string, version: number): Cursor {
  return Buffer.from(JSON.stringify([version, markOf(id)])).toString("base64url");
}

/** The version in a cursor of that entity, or null when it is none. */
export function decodeEntityCursor(id: string, cursor: Cursor): number | null {
  const parsed = entityCursorSchema.safeParse(decoded(cursor));
  if (!parsed.success) return null;
  const [version, mark] = parsed.data;
  return mark === markOf(id) ? version : null;
}

function decoded(cursor: Cursor): unknown {
  if (cursor.length > CURSOR_LENGTH_MAX) return null;
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** A digest: a heartbeat's cursor may name an event of an entity that its reader may not know. */
function markOf(id: string): string {
  return createHash("sha256").update(id).digest().subarray(0, MARK_BYTES).toString("base64url");
}
