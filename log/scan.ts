import type { Db } from "mongodb";
import { Timestamp } from "mongodb";
import type { Logger } from "pino";
import { backOff } from "./backoff.ts";
import { BATCH_COMMITS_MAX } from "./change-cursor.ts";
import type { Commit } from "./commit.ts";
import { PARTITION_COUNT } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { eventsCollection } from "./prepare-log.ts";
import { readableCommit } from "./readable-commit.ts";

/** Commits of a scan and the newest server time among them, in ms since the epoch. */
export interface ScanPage {
  readonly commits: readonly Commit[];
  readonly time: number;
}

/** What every page of one scan has in common. */
interface Scan {
  readonly db: Db;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Every commit that was written when the scan began and whose server time is at or after `sinceMs`,
 * partition by partition, those of one entity in version order. Rides out every outage; ends early
 * on abort. Stateless pages instead of one cursor, so that a slow reader's cursor cannot time out.
 */
export async function* scanPages(
  db: Db,
  sinceMs: number,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): AsyncGenerator<ScanPage, void, undefined> {
  const scan: Scan = { db, signal, logger };
  const since = new Timestamp({ t: Math.floor(sinceMs / 1_000), i: 0 });
  const now = await ridingOut(scan, () => operationTime(db));
  if (now === null) return;
  let held: CommitDocument[] = [];
  const flush = (): ScanPage => {
    const documents = held;
    held = [];
    return {
      commits: documents.flatMap((document) => readableCommit(document, logger) ?? []),
      time: Math.max(0, ...documents.map(({ ts }) => ts.t * 1_000)),
    };
  };
  for (let partition = 0; partition < PARTITION_COUNT; partition += 1) {
    let after = since;
    for (let isLast = false; !isLast;) {
      const from = after;
      const page = await ridingOut(scan, () => readPage(db, { partition, after: from, now }));
      if (page === null) return;
      isLast = page.length < BATCH_COMMITS_MAX;
      after = page.at(-1)?.ts ?? after;
      if (held.length + page.length > BATCH_COMMITS_MAX) yield flush();
      held.push(...page);
    }
  }
  if (held.length > 0) yield flush();
}

/**
 * The time of the last write that the server has applied. A change stream that is opened now begins
 * after it, even if that write is not on a majority yet: there a majority read would not see it,
 * and nobody would (measured: 1 to 2 % of the commits under way). So every page waits for it.
 */
export async function operationTime(db: Db): Promise<Timestamp> {
  const reply = await db.command({ ping: 1 });
  return reply["operationTime"] as Timestamp;
}

async function readPage(
  db: Db,
  { partition, after, now }: { partition: number; after: Timestamp; now: Timestamp },
): Promise<CommitDocument[]> {
  const session = db.client.startSession({ causalConsistency: true });
  try {
    session.advanceOperationTime(now);
    return await eventsCollection(db)
      .find(
        { p: partition, ts: { $gt: after } },
        {
          session,
          sort: { ts: 1 },
          limit: BATCH_COMMITS_MAX,
          readConcern: { level: "majority" },
        },
      )
      .toArray();
  } finally {
    await session.endSession();
  }
}

/** Tries again until it succeeds; null when the scan was aborted before. */
export async function ridingOut<Result>(
  { signal, logger }: Scan,
  attemptRead: () => Promise<Result>,
): Promise<Result | null> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await attemptRead();
    } catch (error) {
      if (attempt === 0) logger.warn({ err: error }, "a scan of the log waits for MongoDB");
      await backOff(attempt, signal);
    }
  }
  return null;
}
