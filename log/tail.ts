import type { Commit } from "./commit.ts";

/**
 * Where a reader stands: `token` is the change stream's resume token (`_data`), `time` the server
 * time of the last commit seen (ms since the epoch), from which a lost token is repaired by a scan.
 * A position with `token: null` belongs to a commit read by a scan.
 */
export interface Position {
  readonly token: string | null;
  readonly time: number;
}

/** A commit with the position to save once it is dealt with. */
export interface TailedCommit {
  readonly commit: Commit;
  readonly position: Position;
}

/**
 * A batch is never empty of meaning: without commits it says that the reader is at the end
 * (`position` may be saved, so that a quiet collection's token cannot age out).
 */
export interface TailBatch {
  readonly commits: readonly TailedCommit[];
  /** The position after the whole batch. */
  readonly position: Position;
  /** True when the store's end was reached as of this batch. */
  readonly isCaughtUp: boolean;
}

/**
 * Every commit at least once, those of one entity in version order, for ever. Readers skip by
 * version, so overlap is harmless. Survives any outage of MongoDB by itself; ends only by `signal`.
 */
export interface Tail {
  read(from: Position | null, options: { readonly signal: AbortSignal }): AsyncIterable<TailBatch>;
  close(): Promise<void>;
}
