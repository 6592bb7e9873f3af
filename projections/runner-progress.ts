import { UUID, type Db } from "mongodb";
import {
  readHead,
  watchHead,
  type Checkpoints,
  type StoreHead,
  type TailBatch,
} from "../log/index.ts";
import type { Desk } from "./project.ts";

/** Under load the checkpoint moves this often; what it misses is folded again, to no effect. */
const CHECKPOINT_INTERVAL_MS = 500;
/** In quiet times it moves this often, so that it cannot age out of the oplog. */
const QUIET_CHECKPOINT_INTERVAL_MS = 30_000;

/** A projector that has caught up and hears nothing for so long is behind for all it knows. */
const SILENCE_MAX_MS = 5_000;

/** How far a projector is. */
export interface ProgressStatus {
  /** Server time (ms) of the last commit that is in the read collection; 0 = none yet. */
  readonly time: number;
  /** True when the end of the log had been reached by the last batch. */
  readonly isCaughtUp: boolean;
  /** When the last batch was dealt with (ms); an old one means that the projector is stuck. */
  readonly lastBatchAt: number;
}

interface Progress extends ProgressStatus {
  /** When it began, or began anew with other rows (ms). */
  readonly startedAt: number;
}

/** For how long (ms) commits may be missing from the rows, by its own word and by the log's end. */
export function watchProgress(
  db: Db,
  progress: { now(): Progress },
  desk: () => Desk,
): { lagMs(): number; close(): void } {
  const watch = watchHead({
    readHead: () => readHead(db),
    hasReached: (head) => hasReached(desk(), progress.now(), head),
  });
  return {
    lagMs: () => Math.max(lagOf(progress.now()), watch.lagMs()),
    close: () => watch.close(),
  };
}

/** Whether what an entity came to at the end of the log is in the rows, or parked. */
async function hasReached(
  { projection, table, letters }: Desk,
  { time, isCaughtUp }: Progress,
  { aggregate, stream, version, time: headTime }: StoreHead,
): Promise<boolean> {
  // Of other entities nothing is in the rows: it is enough to have come by.
  if (aggregate !== projection.aggregate) return time === 0 ? isCaughtUp : time >= headTime;
  if (letters.has(stream) || table.knownVersion(stream) >= version) return true;
  const target = { _id: new UUID(stream), version: { $gte: version } };
  const rows = await table.collection();
  return (await rows.findOne(target, { projection: { _id: 1 } })) !== null;
}

/** While all is quiet a batch comes about once a second: that is no lag. */
function lagOf({ time, isCaughtUp, lastBatchAt, startedAt }: Progress): number {
  if (!isCaughtUp) return Date.now() - (time === 0 ? startedAt : time);
  const silentMs = Date.now() - lastBatchAt;
  return silentMs < SILENCE_MAX_MS ? 0 : silentMs;
}

/** How far a projector is, saved now and then. */
export function createProgress(checkpoints: Checkpoints) {
  let now: Progress = { time: 0, isCaughtUp: false, lastBatchAt: 0, startedAt: Date.now() };
  let savedAt = 0;
  let isSaved = true;
  return {
    now: () => now,
    status(): ProgressStatus {
      const { time, isCaughtUp, lastBatchAt } = now;
      return { time, isCaughtUp, lastBatchAt };
    },
    startOver() {
      now = { ...now, time: 0, isCaughtUp: false, startedAt: Date.now() };
    },
    async note({ commits, position, isCaughtUp }: TailBatch, name: string): Promise<void> {
      const lastBatchAt = Date.now();
      now = { ...now, time: Math.max(now.time, position.time), isCaughtUp, lastBatchAt };
      isSaved &&= commits.length === 0;
      const intervalMs = isSaved ? QUIET_CHECKPOINT_INTERVAL_MS : CHECKPOINT_INTERVAL_MS;
      if (lastBatchAt - savedAt < intervalMs) return;
      await checkpoints.save(name, position);
      savedAt = lastBatchAt;
      isSaved = true;
    },
  };
}
