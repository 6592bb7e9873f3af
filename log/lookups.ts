import type { Binary, Db, Filter } from "mongodb";
import type { Commit } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { toBinary, toCommit, toUuid } from "./commit-document.ts";
import type { Proof } from "./event-store.ts";
import { LogError } from "./log-error.ts";
import { unavailable } from "./mongo-errors.ts";
import { overloaded } from "./pending-append.ts";
import { eventsCollection } from "./prepare-log.ts";

const LOOKUPS_PER_FIND_MAX = 128;
const FINDS_IN_FLIGHT_MAX = 2;
const LOOKUPS_WAITING_MAX = 10_000;

/** What one caller wants to know: commits by id and, if given, whether a stream has moved on. */
interface Question {
  readonly commandIds: readonly string[];
  readonly head: Head | null;
}

interface Head {
  readonly stream: string;
  readonly version: number;
}

interface Waiting {
  readonly question: Question;
  readonly ids: readonly Binary[];
  readonly heads: readonly Filter<CommitDocument>[];
  readonly resolve: (proof: Proof) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers questions about the store from reads that start after they were asked. */
export interface Lookups {
  /**
   * Throws `STORE_UNAVAILABLE` or `STORE_OVERLOADED`, then nothing is known; `COMMIT_INVALID` for
   * an id that is none, and `HISTORY_MALFORMED` when a commit asked for cannot be read.
   */
  ask(question: Question): Promise<Proof>;
}

/** Gathers the questions of a turn of the event loop into one `find`: 46 to 86 us each, not 500. */
export function createLookups(db: Db): Lookups {
  const waiting: Waiting[] = [];
  let findsInFlight = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || waiting.length === 0 || findsInFlight >= FINDS_IN_FLIGHT_MAX) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      findsInFlight += 1;
      void answer(db, waiting.splice(0, LOOKUPS_PER_FIND_MAX)).finally(() => {
        findsInFlight -= 1;
        schedule();
      });
      schedule();
    });
  }

  return {
    async ask(question) {
      if (waiting.length >= LOOKUPS_WAITING_MAX) throw overloaded("look-ups");
      // Here, so that an id that is none fails for its asker alone.
      const ids = question.commandIds.map(toBinary);
      const heads = question.head === null ? [] : [filterFor(question.head)];
      return new Promise((resolve, reject) => {
        waiting.push({ question, ids, heads, resolve, reject });
        schedule();
      });
    },
  };
}

async function answer(db: Db, batch: readonly Waiting[]): Promise<void> {
  try {
    const documents = await findStored(db, batch);
    const byId = new Map(documents.map((document) => [toUuid(document._id), document]));
    const heads = new Set(documents.map(({ s, v }) => headKey(toUuid(s), Number(v))));
    for (const { question, resolve, reject } of batch) {
      try {
        resolve(proofFor(question, byId, heads));
      } catch (error) {
        reject(error);
      }
    }
  } catch (cause) {
    const error = unavailable(cause);
    for (const { reject } of batch) reject(error);
  }
}

/**
 * What is not on the primary is not there; what is there counts once it is on a majority, which the
 * second read waits for by its session. A majority read alone would miss a commit that has landed
 * a moment ago, and a command could be refused by one process while another answers it as accepted.
 */
async function findStored(db: Db, batch: readonly Waiting[]): Promise<CommitDocument[]> {
  const events = eventsCollection(db);
  const byIds = { _id: { $in: batch.flatMap(({ ids }) => ids) } };
  const filter = { $or: [byIds, ...batch.flatMap(({ heads }) => heads)] };
  const session = db.client.startSession({ causalConsistency: true });
  try {
    const present = await events
      .find(filter, { session, readConcern: { level: "local" } })
      .toArray();
    if (present.length === 0) return present;
    const confirmed = await events
      .find(filter, { session, readConcern: { level: "majority" } })
      .toArray();
    // Nothing is ever deleted, so one that is gone was rolled back: what else was, is not known.
    if (confirmed.length >= present.length) return confirmed;
    throw new LogError("STORE_UNAVAILABLE", "A commit that was seen is not on a majority");
  } finally {
    await session.endSession();
  }
}

/**
 * Versions are contiguous, so a stream that has moved on has a commit that begins right after ours:
 * a point look-up that returns one document instead of all that we have missed.
 */
function filterFor({ stream, version }: Head): Filter<CommitDocument> {
  return { s: toBinary(stream), v: version + 1 };
}

function proofFor(
  { commandIds, head }: Question,
  byId: ReadonlyMap<string, CommitDocument>,
  heads: ReadonlySet<string>,
): Proof {
  const found = new Map<string, Commit>();
  for (const id of commandIds) {
    const document = byId.get(id);
    if (document !== undefined) found.set(id, toCommit(document));
  }
  return {
    found,
    isBehind: head !== null && heads.has(headKey(head.stream, head.version + 1)),
  };
}

function headKey(stream: string, version: number): string {
  return `${stream}/${version}`;
}
