import type { Db, Timestamp } from "mongodb";
import type { Logger } from "pino";
import type { Commit } from "./commit.ts";
import { lastVersion } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { toBinary, toCommit } from "./commit-document.ts";
import { LogError } from "./log-error.ts";
import type { MongoTail } from "./mongo-tail.ts";
import { eventsCollection } from "./prepare-log.ts";
import { operationTime, ridingOut } from "./scan.ts";

/** Commits of one page of a history. */
const PAGE_COMMITS_MAX = 256;
/** Entities that one reader of everything may remember; some 100 bytes each. */
const STREAMS_MAX = 200_000;

/**
 * Histories from their first commit into the present: every commit exactly once, those of one
 * entity in version order. Rides out outages; ends early when the signal aborts. `one` throws
 * `STORE_UNAVAILABLE` when MongoDB is away at the start, and both throw `HISTORY_GAP` or
 * `HISTORY_MALFORMED` for what is no history.
 */
export interface Follower {
  /** The history of one entity; an empty batch says that the past is over. */
  one(stream: string, signal: AbortSignal): AsyncIterable<readonly Commit[]>;
  /** All histories, not in the order of time; throws `STREAMS_TOO_MANY` above a bound. */
  all(signal: AbortSignal): AsyncIterable<readonly Commit[]>;
}

interface FollowerOptions {
  readonly tail: MongoTail;
  readonly logger: Logger;
  /** How many entities `all` may meet; 200,000 unless given. */
  readonly streamsMax?: number;
}

/** Followers of the log; each reader reads at its own pace. */
export function createFollower(db: Db, options: FollowerOptions): Follower {
  const { tail, logger, streamsMax = STREAMS_MAX } = options;
  return {
    one: (stream, signal) => followOne({ db, tail, logger, signal }, stream),
    async *all(signal) {
      const seen = new Map<string, number>();
      for await (const { commits } of tail.read(null, { signal })) {
        const news = commits.filter(({ commit }) => {
          if (commit.version <= (seen.get(commit.stream) ?? 0)) return false;
          seen.set(commit.stream, lastVersion(commit));
          return true;
        });
        if (seen.size > streamsMax) {
          const message = `There are more than ${String(streamsMax)} orders and products`;
          throw new LogError("STREAMS_TOO_MANY", message);
        }
        if (news.length > 0) yield news.map(({ commit }) => commit);
      }
    },
  };
}

interface Following {
  readonly db: Db;
  readonly tail: MongoTail;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The live position comes first: what is committed while the past is read follows after it. */
async function* followOne(
  following: Following,
  stream: string,
): AsyncGenerator<readonly Commit[], void, undefined> {
  const { db, tail, signal } = following;
  const from = await tail.now();
  const now = await ridingOut(following, () => operationTime(db));
  if (now === null) return;
  let seen = 0;
  for (let isPast = true; isPast;) {
    const after = seen;
    const page = await ridingOut(following, () => readPage(db, { stream, after, now }));
    if (page === null) return;
    const commits = page.map(toCommit);
    seen = followed(commits, seen);
    isPast = commits.length > 0;
    yield commits;
  }
  for await (const batch of tail.read(from, { signal })) {
    const news = batch.commits
      .map(({ commit }) => commit)
      .filter((commit) => commit.stream === stream && commit.version > seen);
    seen = followed(news, seen);
    if (news.length > 0) yield news;
  }
}

/** The version after these commits; throws `HISTORY_GAP` unless they follow the one before. */
function followed(commits: readonly Commit[], before: number): number {
  let seen = before;
  for (const commit of commits) {
    if (commit.version !== seen + 1) {
      const message = `After version ${String(seen)} comes version ${String(commit.version)}`;
      throw new LogError("HISTORY_GAP", message, { version: seen + 1 });
    }
    seen = lastVersion(commit);
  }
  return seen;
}

interface Page {
  readonly stream: string;
  readonly after: number;
  /** A page waits until all that was written by then is on a majority (`operationTime`). */
  readonly now: Timestamp;
}

async function readPage(db: Db, { stream, after, now }: Page): Promise<CommitDocument[]> {
  const session = db.client.startSession({ causalConsistency: true });
  try {
    session.advanceOperationTime(now);
    return await eventsCollection(db)
      .find(
        { s: toBinary(stream), v: { $gt: after } },
        { session, sort: { v: 1 }, limit: PAGE_COMMITS_MAX, readConcern: { level: "majority" } },
      )
      .toArray();
  } finally {
    await session.endSession();
  }
}
