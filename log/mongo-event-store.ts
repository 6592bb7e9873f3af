import type { Db } from "mongodb";
import { createAppendBatches } from "./append-batches.ts";
import { createAppendChains } from "./append-chains.ts";
import type { Commit } from "./commit.ts";
import { lastVersion } from "./commit.ts";
import { toBinary, toCommit } from "./commit-document.ts";
import type { EventStore } from "./event-store.ts";
import { LogError } from "./log-error.ts";
import { createLookups } from "./lookups.ts";
import { unavailable } from "./mongo-errors.ts";
import { eventsCollection } from "./prepare-log.ts";

const READ_BATCH_SIZE = 1_000;

/**
 * The event store on MongoDB; `prepareLog` must have run on the database. `append` and
 * `appendChain` throw `COMMIT_INVALID` only, for a commit that can never be stored; the reads throw
 * `STORE_UNAVAILABLE`, and `HISTORY_GAP` or `HISTORY_MALFORMED` for what is no history.
 */
export function createMongoEventStore(db: Db): EventStore {
  const events = eventsCollection(db);
  const lookups = createLookups(db);
  return {
    append: createAppendBatches(events, lookups),
    appendChain: createAppendChains(events, lookups),
    prove: (stream, version, commandIds) => lookups.ask({ commandIds, head: { stream, version } }),
    find: async (commandIds) => (await lookups.ask({ commandIds, head: null })).found,
    async read(stream, afterVersion, throughVersion = Number.MAX_SAFE_INTEGER) {
      const filter = { s: toBinary(stream), v: { $gt: afterVersion, $lte: throughVersion } };
      try {
        const documents = await events
          .find(filter, {
            sort: { v: 1 },
            readConcern: { level: "majority" },
            batchSize: READ_BATCH_SIZE,
          })
          .toArray();
        return contiguous(documents.map(toCommit), afterVersion);
      } catch (cause) {
        throw unavailable(cause);
      }
    },
  };
}

function contiguous(commits: readonly Commit[], afterVersion: number): readonly Commit[] {
  let version = afterVersion;
  for (const commit of commits) {
    if (commit.version !== version + 1) {
      const message = `After version ${version} the stream goes on with ${commit.version}`;
      throw new LogError("HISTORY_GAP", message, { version: version + 1 });
    }
    version = lastVersion(commit);
  }
  return commits;
}
