import type { Db } from "mongodb";
import type { Poison } from "./fold-commits.ts";

/** More parked entities than this are the code's fault, not theirs: the projector stops instead. */
const PARKED_ENTITIES_MAX = 1_000;

/** An entity that one projection cannot follow any further, and why. */
export interface DeadLetter extends Poison {
  readonly projection: string;
  readonly parkedAt: Date;
}

/** An event that an operator let a projection pass over; kept for every rebuild to come. */
interface SkippedEvent extends Poison {
  readonly _id: string;
  readonly projection: string;
  readonly by: string;
  readonly skippedAt: Date;
}

type LetterDocument = DeadLetter & { readonly _id: string; readonly generation?: string | null };

/** The entities that a projection has parked. One document each: their events stay in the log. */
export interface DeadLetters {
  has(stream: string): boolean;
  count(): number;
  /** Reads what is parked; called before the first batch. */
  load(): Promise<void>;
  park(poison: Poison): Promise<void>;
  release(stream: string): Promise<void>;
  list(): Promise<DeadLetter[]>;
  /** Whether an event is to be counted and otherwise passed over. */
  isSkipped(stream: string, version: number): boolean;
  /** From here on the event is passed over, in this generation and in all that come. */
  skip(poison: Poison, by: string): Promise<void>;
}

/** Dead letters of one generation of a projection in the collection `dead_letters`. */
export function createDeadLetters(db: Db, projection: string, suffix = ""): DeadLetters {
  const collection = db.collection<LetterDocument>("dead_letters", {
    writeConcern: { w: "majority" },
  });
  const skippedEvents = db.collection<SkippedEvent>("skipped_events", {
    writeConcern: { w: "majority" },
  });
  const parked = new Set<string>();
  const skipped = new Set<string>();
  const idOf = (stream: string): string => `${projection}${suffix}/${stream}`;
  // Null also finds the letters that have no such field.
  const ofOurs = { projection, generation: suffix === "" ? null : suffix };
  const list = (): Promise<DeadLetter[]> =>
    collection
      .find(ofOurs, { projection: { _id: 0, generation: 0 } })
      .sort({ _id: 1 })
      .limit(PARKED_ENTITIES_MAX)
      .toArray();
  return {
    isSkipped: (stream, version) => skipped.has(`${stream}/${version}`),
    async skip({ stream, version, code, message }, by) {
      const _id = `${projection}/${stream}/${version}`;
      const event = { projection, stream, version, code, message, by, skippedAt: new Date() };
      await skippedEvents.replaceOne({ _id }, event, { upsert: true });
      skipped.add(`${stream}/${version}`);
    },
    has: (stream) => parked.has(stream),
    count: () => parked.size,
    list,
    async load() {
      await collection.createIndex({ projection: 1 });
      parked.clear();
      for (const letter of await list()) parked.add(letter.stream);
      for await (const { stream, version } of skippedEvents.find({ projection })) {
        skipped.add(`${stream}/${version}`);
      }
    },
    async park(poison) {
      if (parked.size >= PARKED_ENTITIES_MAX) {
        throw new Error(`${projection} has parked ${parked.size} entities and parks no more`);
      }
      const letter = { ...poison, ...ofOurs, parkedAt: new Date() };
      await collection.replaceOne({ _id: idOf(poison.stream) }, letter, { upsert: true });
      parked.add(poison.stream);
    },
    async release(stream) {
      await collection.deleteOne({ _id: idOf(stream) });
      parked.delete(stream);
    },
  };
}
