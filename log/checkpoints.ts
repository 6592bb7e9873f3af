import type { Db } from "mongodb";
import { unavailable } from "./mongo-errors.ts";

interface CheckpointDocument {
  _id: string;
  value: unknown;
  savedAt: Date;
}

/** Where named readers keep how far they have come. Both throw `STORE_UNAVAILABLE`. */
export interface Checkpoints {
  /** What was saved last under this name, or null; the reader checks its shape. */
  load(name: string): Promise<unknown>;
  /** Durable on a majority when it resolves; the value is plain JSON. */
  save(name: string, value: unknown): Promise<void>;
}

/** Checkpoints in the collection `checkpoints`. */
export function createCheckpoints(db: Db): Checkpoints {
  const checkpoints = db.collection<CheckpointDocument>("checkpoints");
  return {
    async load(name) {
      try {
        const checkpoint = await checkpoints.findOne(
          { _id: name },
          { readConcern: { level: "majority" } },
        );
        return checkpoint?.value ?? null;
      } catch (error) {
        throw unavailable(error);
      }
    },
    async save(name, value) {
      try {
        await checkpoints.replaceOne(
          { _id: name },
          { value, savedAt: new Date() },
          { upsert: true, writeConcern: { w: "majority" } },
        );
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
