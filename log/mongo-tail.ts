import type { Db } from "mongodb";
import type { Logger } from "pino";
import { backOff } from "./backoff.ts";
import { BATCH_COMMITS_MAX, openChangeCursor } from "./change-cursor.ts";
import type { Commit } from "./commit.ts";
import { isTokenLost, unavailable } from "./mongo-errors.ts";
import { scanPages } from "./scan.ts";
import { readHead, type StoreHead } from "./store-head.ts";
import type { SharedStream } from "./shared-stream.ts";
import { createSharedStream } from "./shared-stream.ts";
import type { Position, Tail, TailBatch } from "./tail.ts";

/** Server times run against the change stream's order by less than a second; this is generous. */
const SCAN_OVERLAP_MS = 60_000;

/** The tail of MongoDB, with what the relay needs besides. */
export interface MongoTail extends Tail {
  /** The newest commit; null when there is none. Throws `STORE_UNAVAILABLE`. */
  readonly head: () => Promise<StoreHead | null>;
  /** The change stream's position right now; throws `STORE_UNAVAILABLE`. */
  readonly now: () => Promise<Position>;
  /** Commits at or after a server time, partition by partition, those of one entity in order. */
  readonly scan: (sinceMs: number, signal: AbortSignal) => AsyncIterable<readonly Commit[]>;
}

export interface TailOptions {
  readonly logger: Logger;
  /** Events that the shared window holds for its readers at most. */
  readonly windowEventsMax?: number;
}

/** Everything that one reader's steps have in common. */
interface Reading {
  readonly db: Db;
  readonly shared: SharedStream;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

type Batches = AsyncGenerator<TailBatch, void, undefined>;

/** One change stream for all readers of this process, which is open while there are any. */
export function createTail(db: Db, { logger, windowEventsMax }: TailOptions): MongoTail {
  const shared = createSharedStream(db, { logger, eventsMax: windowEventsMax });
  const closing = new AbortController();
  return {
    read: (from, { signal }) =>
      readForEver(from ?? { token: null, time: 0 }, {
        db,
        shared,
        logger,
        signal: AbortSignal.any([signal, closing.signal]),
      }),
    head: () => readHead(db),
    async now() {
      try {
        const cursor = await openChangeCursor(db, null, logger);
        await cursor.close();
        return cursor.position();
      } catch (error) {
        throw unavailable(error);
      }
    },
    async *scan(sinceMs, signal) {
      for await (const page of scanPages(db, sinceMs, { signal, logger })) yield page.commits;
    },
    async close() {
      closing.abort();
      await shared.close();
    },
  };
}

/** Picks the way on from wherever the reader stands, again and again, until it is stopped. */
async function* readForEver(from: Position, reading: Reading): Batches {
  const { shared, logger, signal } = reading;
  let position = from;
  const leave = shared.join();
  const isStopped = (): boolean => signal.aborted;
  signal.addEventListener("abort", shared.wake, { once: true });
  try {
    for (let attempt = 0; !signal.aborted;) {
      try {
        for await (const batch of wayOn(position, reading)) {
          position = batch.position;
          attempt = 0;
          yield batch;
        }
      } catch (error) {
        // What it was reading is closed under it when it is stopped.
        if (isStopped()) return;
        if (isTokenLost(error)) {
          logger.warn({ err: error }, "the oplog no longer holds a reader's position: it scans");
          position = { token: null, time: position.time };
        } else {
          if (attempt === 0) logger.warn({ err: error }, "a reader of the log waits for MongoDB");
          await backOff(attempt, signal);
          attempt += 1;
        }
      }
    }
  } finally {
    signal.removeEventListener("abort", shared.wake);
    leave();
  }
}

function wayOn(position: Position, reading: Reading): Batches {
  if (position.token === null) return scanThenGoOn(position.time, reading);
  const place = reading.shared.window.locate(position.token);
  if (place === null) return readAlone(position, reading);
  return readShared(place, position.token, reading);
}

/** The live position comes first: what is committed during the scan follows after it. */
async function* scanThenGoOn(time: number, { db, shared, logger, signal }: Reading): Batches {
  const live = await shared.ready(signal);
  if (live === null) return;
  const since = Math.max(0, time - SCAN_OVERLAP_MS);
  // Until the scan's end the lower bound stays: a reader that dies in it has to scan again.
  const position: Position = { token: null, time };
  let newest = time;
  for await (const page of scanPages(db, since, { signal, logger })) {
    const commits = page.commits.map((commit) => ({ commit, position }));
    newest = Math.max(newest, page.time);
    yield { commits, position, isCaughtUp: false };
  }
  if (signal.aborted) return;
  yield { commits: [], position: { token: live.token, time: newest }, isCaughtUp: false };
}

/** Follows the shared window, until it has moved on without this reader. */
async function* readShared(from: number, token: string, { shared, signal }: Reading): Batches {
  let place = from;
  let last: string | null = token;
  for (let isFirst = true; !signal.aborted;) {
    const slice = shared.window.read(place, BATCH_COMMITS_MAX);
    if (slice === null) return;
    const { batch, next } = slice;
    const isNews = batch.commits.length > 0 || batch.position.token !== last;
    if (isNews || (isFirst && batch.isCaughtUp)) {
      place = next;
      last = batch.position.token;
      isFirst = false;
      yield batch;
    } else {
      await shared.changed();
    }
  }
}

/** Catches up by a change stream of its own, until the shared window reaches back far enough. */
async function* readAlone(from: Position, { db, shared, logger, signal }: Reading): Batches {
  const cursor = await openChangeCursor(db, from, logger);
  const interrupt = () => void cursor.close();
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    while (!signal.aborted) {
      const batch = await cursor.next();
      yield batch;
      const { token } = batch.position;
      if (token !== null && shared.window.locate(token) !== null) return;
    }
  } finally {
    signal.removeEventListener("abort", interrupt);
    await cursor.close();
  }
}
