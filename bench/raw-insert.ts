import { Long, Timestamp, UUID, type Collection, type Db, type Document } from "mongodb";
import { measure, type Figure } from "./measure.ts";

/** How fast does MongoDB alone take our commits, by the same driver, one by one and in batches? */
export interface RawInserts {
  /** One insert at a time: what a caller waits for when nothing else happens. */
  readonly sequential: Figure;
  readonly insertOne: Figure;
  readonly insertMany: Figure;
}

const INSERT_ONE_IN_FLIGHT = 64;
const INSERT_MANY_SIZE = 32;
const INSERT_MANY_IN_FLIGHT = 4;

interface RawOptions {
  readonly db: Db;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** Copies a commit that Statecart wrote, with its indexes, into a collection of the bench's own. */
export async function measureRawInserts(options: RawOptions): Promise<RawInserts> {
  const { db, durationMs, signal } = options;
  const sample = await db.collection("events").findOne({}, { sort: { ts: -1 } });
  if (sample === null) throw new Error("there is no commit yet to copy");
  const target = await prepare(db);
  const own = { v: Long.ONE, ts: new Timestamp(0n) };
  const next = (): Document => ({ ...sample, ...own, _id: new UUID(), s: new UUID() });
  const batch = (): Document[] => Array.from({ length: INSERT_MANY_SIZE }, next);
  try {
    return {
      sequential: await measure({ inFlight: 1, durationMs: durationMs / 2, signal }, () =>
        target.insertOne(next()),
      ),
      insertOne: await measure({ inFlight: INSERT_ONE_IN_FLIGHT, durationMs, signal }, () =>
        target.insertOne(next()),
      ),
      insertMany: await measure(
        { inFlight: INSERT_MANY_IN_FLIGHT, each: INSERT_MANY_SIZE, durationMs, signal },
        () => target.insertMany(batch(), { ordered: false }),
      ),
    };
  } finally {
    await target.drop();
  }
}

/** The same three indexes and the same durability as `events` has. */
async function prepare(db: Db): Promise<Collection> {
  const durable = { writeConcern: { w: "majority", journal: true } } as const;
  const target = db.collection("bench_raw_commits", durable);
  await target.drop();
  await target.createIndexes([{ key: { s: 1, v: 1 }, unique: true }, { key: { p: 1, ts: 1 } }]);
  return target;
}
