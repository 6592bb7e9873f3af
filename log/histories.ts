import type { Db, Filter, Sort } from "mongodb";
import type { Commit } from "./commit.ts";
import { lastVersion } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { toBinary, toCommit } from "./commit-document.ts";
import { unavailable } from "./mongo-errors.ts";
import { eventsCollection } from "./prepare-log.ts";

/** Parts of one history, for people who look at it. All throw what `EventStore.read` throws. */
export interface Histories {
  /** The commits that hold the next events after a version, as many as asked for at least. */
  after(stream: string, version: number, eventsMin: number): Promise<readonly Commit[]>;
  /** The commits that hold the events right before a version, in version order. */
  before(stream: string, version: number, eventsMin: number): Promise<readonly Commit[]>;
  /** The version that the entity had at a moment of business time; null before its first event. */
  versionAt(stream: string, at: Date): Promise<number | null>;
}

/** Reads by the index of stream and version, so that a page costs the same in any history. */
export function createHistories(db: Db): Histories {
  const find = async (
    filter: Filter<CommitDocument>,
    sort: Sort,
    limit: number,
  ): Promise<Commit[]> => {
    const options = { sort, limit, readConcern: { level: "majority" } as const };
    try {
      return (await eventsCollection(db).find(filter, options).toArray()).map(toCommit);
    } catch (cause) {
      throw unavailable(cause);
    }
  };
  return {
    async after(stream, version, eventsMin) {
      const s = toBinary(stream);
      // The commit that holds the next event may have begun before it.
      const [first] = await find({ s, v: { $lte: version + 1 } }, { v: -1 }, 1);
      const start = first?.version ?? version + 1;
      return find({ s, v: { $gte: start } }, { v: 1 }, eventsMin + 1);
    },
    async before(stream, version, eventsMin) {
      const s = toBinary(stream);
      return (await find({ s, v: { $lt: version } }, { v: -1 }, eventsMin + 1)).reverse();
    },
    async versionAt(stream, at) {
      const [last] = await find({ s: toBinary(stream), at: { $lte: at } }, { v: -1 }, 1);
      return last === undefined ? null : lastVersion(last);
    },
  };
}
