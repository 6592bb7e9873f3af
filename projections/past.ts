import type { EventStore, Snapshots } from "../log/index.ts";
import { aggregates, type AggregateName } from "../machines/index.ts";
import { evolve, placedEvents } from "./evolve.ts";
import type { EntityView } from "./view.ts";

/** Events that are read and folded at once, so that a long history does not hold up all else. */
const PAGE_VERSIONS = 500;
/** Below this a snapshot saves less than it costs to look for one. */
const SNAPSHOT_VERSION_MIN = 100;

/** Where the past is folded from. */
export interface PastSources {
  readonly store: Pick<EventStore, "read" | "find">;
  /** What the actors keep; without it every fold begins with the first event. */
  readonly snapshots?: Pick<Snapshots, "load">;
  /** Of the statecharts of this process: snapshots of others are none. */
  readonly machineHash?: string;
}

/** What an entity was: `none` = it did not exist then; `newest` = it never had that version. */
export type Past =
  | { readonly kind: "found"; readonly view: EntityView }
  | { readonly kind: "none" }
  | { readonly kind: "newest"; readonly view: EntityView };

interface Wanted {
  readonly aggregate: AggregateName;
  readonly id: string;
  readonly version: number;
}

/**
 * The entity after exactly so many events, from the latest snapshot if that is not younger, else
 * from the first event. Throws `STORE_UNAVAILABLE`, and `HISTORY_...` or `REPLAY_FAULT` for a
 * history that is none.
 */
export async function pastOf(sources: PastSources, wanted: Wanted): Promise<Past> {
  const { aggregate, id, version } = wanted;
  // A version that cannot be is answered with the newest one, so that its owner is known.
  const through = version > 0 ? version : Number.MAX_SAFE_INTEGER;
  let view = await fromSnapshot(sources, wanted);
  for (;;) {
    const seen = view?.version ?? 0;
    const page = Math.min(through, seen + PAGE_VERSIONS);
    const commits = await sources.store.read(id, seen, page);
    for (const commit of commits) {
      if (commit.aggregate !== aggregate) return { kind: "none" };
      for (const placed of placedEvents(commit)) {
        if (placed.version > through) break;
        view = evolve(aggregates[aggregate], view, placed);
      }
    }
    if (commits.length === 0 || view?.version === through) break;
  }
  if (view === null) return { kind: "none" };
  return { kind: view.version === version ? "found" : "newest", view };
}

/**
 * Null unless there is one that this code has made, at or before the version, and whose last commit
 * the store still holds: after a restore from a backup a snapshot may be of a history that is gone.
 */
async function fromSnapshot(
  { store, snapshots, machineHash }: PastSources,
  { aggregate, id, version }: Wanted,
): Promise<EntityView | null> {
  if (snapshots === undefined || version < SNAPSHOT_VERSION_MIN) return null;
  const snapshot = await snapshots.load(id).catch(() => null);
  if (snapshot?.machineHash !== machineHash || snapshot === null) return null;
  if (snapshot.version > version) return null;
  const [found, [first]] = await Promise.all([
    store.find([snapshot.commitId]),
    store.read(id, 0, 1),
  ]);
  const last = found.get(snapshot.commitId);
  if (last?.hash !== snapshot.hash || last.aggregate !== aggregate) return null;
  if (first === undefined) return null;
  const times = { createdAt: first.at, updatedAt: snapshot.at };
  return { id, version: snapshot.version, ...times, state: snapshot.state };
}
