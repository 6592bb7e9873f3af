import type { Db } from "mongodb";
import { MaxKey, MinKey } from "mongodb";
import type { Logger } from "pino";
import type { AggregateName } from "../machines/index.ts";
import { openChangeCursor } from "./change-cursor.ts";
import type { Commit } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { toBinary } from "./commit-document.ts";
import { eventsCollection } from "./prepare-log.ts";
import { readableCommit } from "./readable-commit.ts";
import { operationTime, ridingOut } from "./scan.ts";
import type { Position } from "./tail.ts";

/** Commits of one page. */
const PAGE_COMMITS_MAX = 2_000;

/** Whole histories, one entity after the other, for whoever folds each of them at once. */
export interface StreamScan {
  /** From here on a tail gives everything that `streams`, asked afterwards, may not give. */
  start(): Promise<Position>;
  /**
   * All commits of one kind of entity in the order of entity id and version, as of the call or
   * later. A page ends with the end of an entity, but for one whose commits fill more than a page.
   * Rides out every outage; ends early on abort.
   */
  streams(aggregate: AggregateName, signal: AbortSignal): AsyncIterable<readonly Commit[]>;
}

/** Scans by the index of stream and version. `start` throws what the driver throws. */
export function createStreamScan(db: Db, logger: Logger): StreamScan {
  return {
    async start() {
      const cursor = await openChangeCursor(db, null, logger);
      await cursor.close();
      return { ...cursor.position(), time: (await operationTime(db)).t * 1_000 };
    },
    async *streams(aggregate, signal) {
      const scan = { db, signal, logger };
      const now = await ridingOut(scan, () => operationTime(db));
      if (now === null) return;
      let after: Commit | null = null;
      for (let isLast = false; !isLast;) {
        const from: Commit | null = after;
        const page: CommitDocument[] | null = await ridingOut(scan, () =>
          readPage(db, { aggregate, after: from, now }),
        );
        if (page === null) return;
        isLast = page.length < PAGE_COMMITS_MAX;
        const commits = page.flatMap((document) => readableCommit(document, logger) ?? []);
        const whole: readonly Commit[] = isLast ? commits : withoutLastStream(commits);
        if (whole.length > 0) yield whole;
        // A page of nothing but unreadable commits has no place to go on from: the last one has.
        after = whole.at(-1) ?? after;
        if (whole.length === 0 && !isLast) throw new Error("no commit of a whole page is readable");
      }
    },
  };
}

/** What belongs to entities that end on the page; all of it when there is only one. */
function withoutLastStream(commits: readonly Commit[]): readonly Commit[] {
  const begin = commits.findIndex(({ stream }) => stream === commits.at(-1)?.stream);
  return begin <= 0 ? commits : commits.slice(0, begin);
}

interface PageRequest {
  readonly aggregate: AggregateName;
  readonly after: Commit | null;
  readonly now: Awaited<ReturnType<typeof operationTime>>;
}

async function readPage(db: Db, { aggregate, after, now }: PageRequest): Promise<CommitDocument[]> {
  const session = db.client.startSession({ causalConsistency: true });
  const min =
    after === null
      ? { s: new MinKey(), v: new MinKey() }
      : { s: toBinary(after.stream), v: after.version + after.events.length };
  try {
    session.advanceOperationTime(now);
    return await eventsCollection(db)
      .find(
        { t: aggregate },
        {
          session,
          hint: { s: 1, v: 1 },
          min,
          max: { s: new MaxKey(), v: new MaxKey() },
          sort: { s: 1, v: 1 },
          limit: PAGE_COMMITS_MAX,
          readConcern: { level: "majority" },
        },
      )
      .toArray();
  } finally {
    await session.endSession();
  }
}
