import { aggregates } from "../machines/index.ts";
import type { AggregateName } from "../machines/index.ts";
import type { EventStore, Snapshots } from "../log/index.ts";
import { emptyHead, foldCommits, HistoryFault } from "./head.ts";
import type { EntityHead } from "./head.ts";

/** Where entities are loaded from. */
export interface LoadSources {
  readonly store: EventStore;
  readonly snapshots: Snapshots;
  readonly machineHash: string;
}

/** One entity, now or after exactly `throughVersion` events (the end of a commit). */
export interface LoadTarget {
  readonly aggregate: AggregateName;
  readonly entityId: string;
  readonly throughVersion?: number;
}

/** `snapshotVersion` is the version of the snapshot that was used, 0 for none. */
export interface LoadedHead extends EntityHead {
  readonly snapshotVersion: number;
}

/**
 * Folds an entity from its latest fitting snapshot and the events after it, else from all events.
 * Throws `HISTORY_FAULT` or `WRONG_AGGREGATE` for a history that cannot be folded, and whatever the
 * store throws while it cannot be read.
 */
export async function loadState(sources: LoadSources, target: LoadTarget): Promise<LoadedHead> {
  const { entityId, throughVersion } = target;
  const aggregate = aggregates[target.aggregate];
  const start = (await fromSnapshot(sources, target)) ?? emptyHead(aggregate);
  const commits = await sources.store.read(entityId, start.version, throughVersion);
  const head = foldCommits(aggregate, start, commits);
  if (throughVersion !== undefined && head.version !== throughVersion) {
    throw new HistoryFault(`${entityId} has no commit that ends at ${throughVersion}`);
  }
  return { ...head, snapshotVersion: start.version };
}

/**
 * Null when there is no snapshot that this code wrote at or before the version asked for, or when
 * its last commit is not in the store: a snapshot may outlive a history that was restored from a
 * backup, and what is appended after it would then leave a gap.
 */
async function fromSnapshot(sources: LoadSources, target: LoadTarget): Promise<EntityHead | null> {
  const snapshot = await sources.snapshots.load(target.entityId).catch(() => null);
  if (snapshot?.machineHash !== sources.machineHash) return null;
  if (snapshot.version > (target.throughVersion ?? Number.MAX_SAFE_INTEGER)) return null;
  const { commitId, version, hash, at } = snapshot;
  const stored = (await sources.store.find([commitId])).get(commitId);
  if (stored?.hash !== hash || stored.aggregate !== target.aggregate) return null;
  const { value, context } = snapshot.state;
  const state = aggregates[target.aggregate].machine.resolveState({ value, context });
  return { state, version, hash, at, commitId };
}
