import type { Logger } from "pino";
import type { Snapshots } from "../log/index.ts";
import type { EntityHead } from "./head.ts";

/** Saves snapshots beside the hot path; one that is not saved costs a longer replay only. */
export interface SnapshotWriter {
  /** False when too many are being saved already: offer a later head again. */
  offer(stream: string, head: EntityHead): boolean;
  /** Resolves when none is being saved. */
  drain(): Promise<void>;
}

interface SnapshotWriterOptions {
  readonly snapshots: Snapshots;
  readonly machineHash: string;
  readonly inFlightMax: number;
  readonly logger: Logger;
}

/** Creates the writer that all entities of a process share. */
export function createSnapshotWriter(options: SnapshotWriterOptions): SnapshotWriter {
  const { snapshots, machineHash, inFlightMax, logger } = options;
  const saving = new Set<Promise<void>>();

  async function save(stream: string, head: EntityHead): Promise<void> {
    const { version, state, hash, at, commitId } = head;
    if (at === null || commitId === null) return;
    try {
      await snapshots.save({ stream, version, machineHash, state, hash, at, commitId });
    } catch (error) {
      logger.warn({ err: error, stream }, "a snapshot was not saved");
    }
  }

  return {
    offer(stream, head) {
      if (saving.size >= inFlightMax) return false;
      const one = save(stream, head).finally(() => saving.delete(one));
      saving.add(one);
      return true;
    },
    async drain() {
      await Promise.all(saving);
    },
  };
}
