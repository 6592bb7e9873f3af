import type { Collection, Db, Document } from "mongodb";
import { MongoServerError } from "mongodb";
import { isDeepStrictEqual } from "node:util";
import { PARTITION_COUNT } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { COMMIT_EVENTS_MAX } from "./commit-document.ts";
import { LogError } from "./log-error.ts";
import { isUnauthorized } from "./mongo-errors.ts";

export const EVENTS_COLLECTION = "events";
const MONGODB_MAJOR_MIN = 6;
const NAMESPACE_EXISTS = 48;
const INDEX_CONFLICTS = new Set([85, 86]);

/** The validator keeps every other program from writing what the codec could not read. */
const VALIDATOR = {
  $jsonSchema: {
    bsonType: "object",
    required: ["_id", "s", "t", "v", "n", "p", "at", "m", "ev", "ts"],
    additionalProperties: false,
    properties: {
      _id: { bsonType: "binData" },
      s: { bsonType: "binData" },
      t: { bsonType: "string", pattern: "^[a-z]+$" },
      v: { bsonType: "long", minimum: 1 },
      n: { bsonType: "int", minimum: 1, maximum: COMMIT_EVENTS_MAX },
      p: { bsonType: "int", minimum: 0, maximum: PARTITION_COUNT - 1 },
      at: { bsonType: "date" },
      m: {
        bsonType: "object",
        required: ["by", "scope", "cmd", "corr", "ph", "node", "epoch", "h"],
        additionalProperties: false,
        properties: {
          by: { bsonType: "string" },
          scope: { bsonType: "string" },
          cmd: { bsonType: "string" },
          corr: { bsonType: "string" },
          cause: { bsonType: "string" },
          tp: { bsonType: "string" },
          ph: { bsonType: "string" },
          node: { bsonType: "string" },
          epoch: { bsonType: "long" },
          h: { bsonType: "string", pattern: "^[0-9a-f]{64}$" },
        },
      },
      ev: {
        bsonType: "array",
        minItems: 1,
        maxItems: COMMIT_EVENTS_MAX,
        items: {
          bsonType: "object",
          required: ["t", "sv", "d"],
          additionalProperties: false,
          properties: {
            t: { bsonType: "string" },
            sv: { bsonType: "int", minimum: 1 },
            d: { bsonType: "object" },
          },
        },
      },
      r: { bsonType: "object" },
      ts: { bsonType: "timestamp" },
    },
  },
  // Guarded, because $size fails the whole insert when `ev` is no array.
  $expr: { $eq: ["$n", { $cond: [{ $isArray: "$ev" }, { $size: "$ev" }, -1] }] },
};

/** Besides `_id`, which makes a command id unique. */
const INDEXES = [
  { key: { s: 1, v: 1 }, name: "stream_version", unique: true },
  { key: { p: 1, ts: 1 }, name: "partition_time", unique: false },
];

/** The truth. Nobody outside of `log/` opens it. */
export function eventsCollection(db: Db): Collection<CommitDocument> {
  return db.collection<CommitDocument>(EVENTS_COLLECTION);
}

/**
 * Makes the `events` collection with its validator and indexes, or brings an existing one up to
 * date; several processes may do so at once. Throws a `LogError` with a sentence for the operator
 * (`MONGODB_TOO_OLD`, `REPLICA_SET_REQUIRED`, `MONGODB_UNREACHABLE`, ...) if it will not do.
 */
export async function prepareLog(db: Db): Promise<void> {
  try {
    await assertServer(db);
    await ensureValidator(db);
    await ensureIndexes(db);
  } catch (cause) {
    throw openingError(cause);
  }
}

async function assertServer(db: Db): Promise<void> {
  const { version } = await db.admin().serverInfo();
  if (Number.parseInt(String(version), 10) < MONGODB_MAJOR_MIN) {
    const message =
      `MongoDB ${String(version)} is too old: ` + `Statecart needs ${MONGODB_MAJOR_MIN}.0 or newer`;
    throw new LogError("MONGODB_TOO_OLD", message);
  }
  const hello = await db.command({ hello: 1 });
  if (hello["setName"] === undefined && hello["msg"] !== "isdbgrid") {
    const message =
      "MongoDB runs standalone, without change streams: start it with --replSet and call " +
      "rs.initiate() once (a replica set of one member will do)";
    throw new LogError("REPLICA_SET_REQUIRED", message);
  }
}

async function ensureValidator(db: Db): Promise<void> {
  const [existing] = await db.listCollections({ name: EVENTS_COLLECTION }).toArray();
  if (existing === undefined) {
    try {
      await db.createCollection(EVENTS_COLLECTION, {
        validator: VALIDATOR,
        writeConcern: { w: "majority" },
      });
      return;
    } catch (error) {
      // Another process was faster; it has the same validator or an older one.
      if (!(error instanceof MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
    }
  }
  const options = (existing as { options?: Document } | undefined)?.options;
  if (isDeepStrictEqual(options?.["validator"], VALIDATOR)) return;
  await db.command({
    collMod: EVENTS_COLLECTION,
    validator: VALIDATOR,
    validationLevel: "strict",
    validationAction: "error",
  });
}

/** Makes only what is missing, so that a user who may make no indexes can start on them. */
async function ensureIndexes(db: Db): Promise<void> {
  const describe = (key: object, unique: unknown) => JSON.stringify([key, unique === true]);
  const existing = await eventsCollection(db).indexes();
  const known = new Set(existing.map(({ key, unique }) => describe(key, unique)));
  const missing = INDEXES.filter(({ key, unique }) => !known.has(describe(key, unique)));
  if (missing.length > 0) await eventsCollection(db).createIndexes(missing);
}

function openingError(cause: unknown): LogError {
  if (cause instanceof LogError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (isUnauthorized(cause)) {
    const message = `MongoDB does not let this user prepare the event store: ${reason}`;
    return new LogError("MONGODB_UNAUTHORIZED", message, { cause });
  }
  if (cause instanceof MongoServerError && INDEX_CONFLICTS.has(Number(cause.code))) {
    const message = `The collection "${EVENTS_COLLECTION}" has other indexes: ${reason}`;
    return new LogError("LOG_INCOMPATIBLE", message, { cause });
  }
  return new LogError("MONGODB_UNREACHABLE", `MongoDB does not answer: ${reason}`, { cause });
}
