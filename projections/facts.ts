import { MongoBulkWriteError, type Collection, type Document } from "mongodb";
import type { PlacedEvent } from "./placed-event.ts";
import type { MarkedView } from "./view.ts";

const DUPLICATE_KEY = 11_000;
/** Facts in one write. */
const FACTS_PER_WRITE_MAX = 1_000;

/** One event between the views before and after it. */
export interface Step {
  readonly before: MarkedView | null;
  readonly placed: PlacedEvent;
  readonly after: MarkedView;
}

/** A collection of facts: each row belongs to one event, is written once and never changes. */
export interface FactTable {
  /** Before the suffix of a generation. */
  readonly name: string;
  /** What an event adds; pure. Each has an `_id` that the event decides. */
  readonly documentsOf: (step: Step) => readonly Document[];
  readonly indexes: readonly Readonly<Record<string, 1 | -1>>[];
}

/**
 * Writes facts, durable on the majority; those that are there already stay, since they are the
 * same. `isReplacing`: older code may have written them otherwise. Throws: write again.
 */
export async function writeFacts(
  collection: Collection,
  facts: readonly Document[],
  isReplacing: boolean,
): Promise<void> {
  const writeConcern = { w: "majority" } as const;
  for (let start = 0; start < facts.length; start += FACTS_PER_WRITE_MAX) {
    const some = facts.slice(start, start + FACTS_PER_WRITE_MAX);
    if (isReplacing) {
      const replacements = some.map((fact) => ({
        replaceOne: { filter: { _id: fact["_id"] as never }, replacement: fact, upsert: true },
      }));
      await collection.bulkWrite(replacements, { ordered: false, writeConcern });
      continue;
    }
    try {
      await collection.insertMany([...some], { ordered: false, writeConcern });
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const faults = [error.writeErrors].flat();
      const isKnown = faults.length > 0 && faults.every((fault) => fault.code === DUPLICATE_KEY);
      if (!isKnown) throw error;
    }
  }
}
