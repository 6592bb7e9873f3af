import type { Commit } from "./commit.ts";

/**
 * What became of one commit. `landed` also when the same commit (same hash) was there already.
 * `repeated`: the command id is taken by an earlier commit of the same stream and payload; answer
 * from it. `keyReused`: taken by another stream or payload. `conflict`: the version is taken.
 * `skipped`: not written because an earlier commit of its chain did not land.
 * `unknown`: no definite answer before the deadline; the commit may or may not be there.
 */
export type AppendResult =
  | { readonly kind: "landed" }
  | { readonly kind: "repeated"; readonly commit: Commit }
  | { readonly kind: "keyReused" }
  | { readonly kind: "conflict" }
  | { readonly kind: "skipped" }
  | { readonly kind: "unknown"; readonly cause: unknown };

/** What one proving read found (design 3, "Nothing is answered that is not proved"). */
export interface Proof {
  /** Commits stored under the command ids that were asked for. */
  readonly found: ReadonlyMap<string, Commit>;
  /** True when the stream holds a version above the one asked for. */
  readonly isBehind: boolean;
}

/** The truth. Nothing is ever updated or deleted. Only `log/` knows that it is MongoDB. */
export interface EventStore {
  /**
   * Appends one commit, gathered with those of other entities into one unordered insert. Settles
   * unknown outcomes itself by looking ids up, until `deadline` (ms since the epoch). Never throws
   * for a driver error: the result says what happened.
   */
  append(commit: Commit, deadline: number): Promise<AppendResult>;

  /** Appends consecutive commits of one stream as one ordered insert; one result per commit. */
  appendChain(commits: readonly Commit[], deadline: number): Promise<readonly AppendResult[]>;

  /** The commits of a stream after a commit boundary (0 = from the start), majority, contiguous. */
  read(stream: string, afterVersion: number, throughVersion?: number): Promise<readonly Commit[]>;

  /** One gathered read that proves a refusal, a no-change answer or a state read. */
  prove(stream: string, version: number, commandIds: readonly string[]): Promise<Proof>;

  /** Commits by command id, majority. */
  find(commandIds: readonly string[]): Promise<ReadonlyMap<string, Commit>>;
}
