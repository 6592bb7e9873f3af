import { Binary, Int32, Long, Timestamp, UUID } from "mongodb";
import type { AggregateName, Scope } from "../machines/index.ts";
import type { Commit, CommitMeta } from "./commit.ts";
import { LogError } from "./log-error.ts";

/** Bounds of one commit: a commit is one message of the store and its events are NATS messages. */
export const COMMIT_EVENTS_MAX = 500;
export const COMMIT_SIZE_MAX_BYTES = 512 * 1024;

/** A commit as MongoDB holds it (design 4). Field names are short because every commit has them. */
export interface CommitDocument {
  _id: Binary;
  s: Binary;
  t: string;
  v: Long | number;
  n: Int32 | number;
  p: Int32 | number;
  at: Date;
  m: CommitMetaDocument;
  ev: EventDocument[];
  r?: Readonly<Record<string, unknown>>;
  ts: Timestamp;
}

interface CommitMetaDocument {
  by: string;
  scope: string;
  cmd: string;
  corr: string;
  cause?: string;
  tp?: string;
  ph: string;
  node: string;
  epoch: Long | number;
  h: string;
}

interface EventDocument {
  t: string;
  sv: Int32 | number;
  d: object;
}

/** A top-level zero timestamp is what the server replaces by its own clock at the insert. */
const FILLED_BY_THE_SERVER = new Timestamp({ t: 0, i: 0 });

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The UUID as 16 bytes; throws `COMMIT_INVALID` unless it is lower case with hyphens. */
export function toBinary(uuid: string): Binary {
  if (!UUID_PATTERN.test(uuid)) throw new LogError("COMMIT_INVALID", `"${uuid}" is not a UUID`);
  return new Binary(Buffer.from(uuid.replaceAll("-", ""), "hex"), Binary.SUBTYPE_UUID);
}

/** Throws `COMMIT_INVALID` for a commit that would not come back from the store as it went in. */
export function toDocument(commit: Commit): CommitDocument {
  const at = new Date(commit.at);
  if (Number.isNaN(at.getTime()) || at.toISOString() !== commit.at) {
    throw new LogError("COMMIT_INVALID", `"${commit.at}" is not a UTC time with milliseconds`);
  }
  if (!Number.isSafeInteger(commit.version) || commit.version < 1) {
    throw new LogError("COMMIT_INVALID", `${commit.version} is not a version`);
  }
  if (commit.events.length < 1 || commit.events.length > COMMIT_EVENTS_MAX) {
    const message = `A commit has 1 to ${COMMIT_EVENTS_MAX} events, not ${commit.events.length}`;
    throw new LogError("COMMIT_INVALID", message);
  }
  return {
    _id: toBinary(commit.id),
    s: toBinary(commit.stream),
    t: commit.aggregate,
    v: Long.fromNumber(commit.version),
    n: new Int32(commit.events.length),
    p: new Int32(commit.partition),
    at,
    m: toMetaDocument(commit),
    ev: commit.events.map((event) => ({
      t: event.type,
      sv: new Int32(event.schemaVersion),
      d: event.data,
    })),
    ...(commit.answer !== undefined && { r: commit.answer }),
    ts: FILLED_BY_THE_SERVER,
  };
}

/** Throws `HISTORY_MALFORMED` for a document that no `toDocument` has written. */
export function toCommit(document: CommitDocument): Commit {
  try {
    return {
      id: toUuid(document._id),
      stream: toUuid(document.s),
      aggregate: document.t as AggregateName,
      version: eventCountChecked(document),
      partition: Number(document.p),
      at: document.at.toISOString(),
      meta: toMeta(document.m),
      events: document.ev.map((event) => ({
        type: event.t,
        schemaVersion: Number(event.sv),
        data: event.d,
      })),
      ...(document.r !== undefined && { answer: document.r }),
      hash: document.m.h,
    };
  } catch (cause) {
    const version = Number(document.v);
    const message = `The commit at version ${version} cannot be read: ${String(cause)}`;
    throw new LogError("HISTORY_MALFORMED", message, { cause, version });
  }
}

function eventCountChecked(document: CommitDocument): number {
  if (document.ev.length !== Number(document.n) || document.ev.length === 0) {
    throw new TypeError(`n is ${Number(document.n)}, but it has ${document.ev.length} events`);
  }
  return Number(document.v);
}

/** The UUID as text, lower case with hyphens. */
export function toUuid(value: Binary): string {
  return (value instanceof UUID ? value : value.toUUID()).toHexString();
}

function toMetaDocument({ meta, hash }: Commit): CommitMetaDocument {
  return {
    by: meta.subject,
    scope: meta.scope,
    cmd: meta.command,
    corr: meta.correlationId,
    ...(meta.causationId !== undefined && { cause: meta.causationId }),
    ...(meta.traceparent !== undefined && { tp: meta.traceparent }),
    ph: meta.payloadHash,
    node: meta.node,
    epoch: Long.fromNumber(meta.epoch),
    h: hash,
  };
}

function toMeta(document: CommitMetaDocument): CommitMeta {
  return {
    subject: document.by,
    scope: document.scope as Scope,
    command: document.cmd,
    correlationId: document.corr,
    ...(document.cause !== undefined && { causationId: document.cause }),
    ...(document.tp !== undefined && { traceparent: document.tp }),
    payloadHash: document.ph,
    node: document.node,
    epoch: Number(document.epoch),
  };
}
