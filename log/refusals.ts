import type { Collection, Db } from "mongodb";
import type { Logger } from "pino";
import { createHistories } from "./histories.ts";
import { unavailable } from "./mongo-errors.ts";
import {
  filterOf,
  toDocument,
  toRefused,
  type RefusalDocument,
  type RefusalNote,
  type RefusalsRequest,
  type RefusedCommand,
} from "./refusal-document.ts";

const KEPT_SECONDS = 30 * 86_400;
/** Refused commands that wait to be written; one more drops the oldest. */
const WAITING_MAX = 5_000;
const BATCH_MAX = 500;
const FLUSH_DELAY_MS = 200;
const LOOKUPS_MAX = 32;

/** Refused commands of the last thirty days. */
export interface Refusals {
  /** Takes note and returns at once; what cannot be kept is dropped, the oldest first. */
  note(refusal: RefusalNote): void;
  /** Those of an entity beyond a place, of one sender if given; throws `STORE_UNAVAILABLE`. */
  read(request: RefusalsRequest): Promise<readonly RefusedCommand[]>;
  /** Writes what waits, if that can be done now; never throws. */
  close(): Promise<void>;
}

/** Refused commands in the collection `refusals`, written in batches beside the commands. */
export function createRefusals(db: Db, logger: Logger): Refusals {
  const collection = db.collection<RefusalDocument>("refusals");
  const histories = createHistories(db);
  const versionOf = async ({ version, stream, at }: Waiting): Promise<number | null> =>
    version ?? histories.versionAt(stream, at);
  const waiting: Waiting[] = [];
  let dropped = 0;
  let flushing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isPrepared = false;

  function schedule(): void {
    if (timer !== null || flushing !== null || waiting.length === 0) return;
    timer = setTimeout(() => {
      timer = null;
      flushing = flush().finally(() => {
        flushing = null;
        schedule();
      });
    }, FLUSH_DELAY_MS);
    timer.unref();
  }

  async function flush(): Promise<void> {
    const batch = waiting.splice(0, BATCH_MAX);
    if (dropped > 0) logger.warn({ dropped }, "refused commands were dropped from the history");
    dropped = 0;
    try {
      if (!isPrepared) await prepare(collection);
      isPrepared = true;
      const documents = await documentsOf(batch, versionOf);
      if (documents.length > 0) await collection.insertMany(documents, { ordered: false });
    } catch (err) {
      // No second try: a bound on what waits is worth more than a line of the history.
      logger.warn({ err, count: batch.length }, "refused commands could not be kept");
    }
  }

  return {
    note(refusal) {
      if (waiting.length >= WAITING_MAX) {
        waiting.shift();
        dropped += 1;
      }
      waiting.push({ ...refusal, at: new Date() });
      schedule();
    },
    async read(request) {
      try {
        const { isBackward, limit } = request;
        const step = isBackward ? -1 : 1;
        const sort = { v: step, at: step, _id: step } as const;
        const found = await collection.find(filterOf(request), { sort, limit }).toArray();
        return found.map(toRefused);
      } catch (error) {
        throw unavailable(error);
      }
    },
    async close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await flushing;
      while (waiting.length > 0) await flush();
    },
  };
}

type Waiting = RefusalNote & { readonly at: Date };

/** The documents of a batch, without those of nothing that could have a history. */
async function documentsOf(
  batch: readonly Waiting[],
  versionOf: (note: Waiting) => Promise<number | null>,
): Promise<RefusalDocument[]> {
  const documents: RefusalDocument[] = [];
  for (let from = 0; from < batch.length; from += LOOKUPS_MAX) {
    const some = batch.slice(from, from + LOOKUPS_MAX).map(async (note) => {
      const version = await versionOf(note);
      return version === null ? [] : [toDocument({ ...note, version })];
    });
    documents.push(...(await Promise.all(some)).flat());
  }
  return documents;
}

async function prepare(collection: Collection<RefusalDocument>): Promise<void> {
  await collection.createIndexes([
    { key: { at: 1 }, expireAfterSeconds: KEPT_SECONDS },
    { key: { s: 1, v: 1, at: 1, _id: 1 } },
  ]);
}
