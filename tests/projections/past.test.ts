import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { createSnapshots, type Commit, type Snapshot, type Snapshots } from "../../log/index.ts";
import { aggregates, productIdOf } from "../../machines/index.ts";
import { evolve, placedEvents } from "../../projections/evolve.ts";
import { pastOf, type PastSources } from "../../projections/past.ts";
import type { EntityView } from "../../projections/view.ts";
import { eventually } from "../support/servers.ts";
import { createHistory, productCreated, published, stockAdjusted } from "./history.ts";
import { openRig, type Rig } from "./rig.ts";

const SKU = "TEA-1";
const id = productIdOf(SKU);
const machineHash = "the statecharts of this test";

/** A product of 600 events, most of them in commits of two. */
function longHistory(): readonly Commit[] {
  const history = createHistory();
  history.product(SKU, productCreated(SKU), published);
  for (let count = 2; count < 600; count += 2) {
    history.product(SKU, stockAdjusted(3), stockAdjusted(-2));
  }
  return history.commits;
}

/** What it was, without any of the code that is tested. */
function folded(commits: readonly Commit[], version: number): EntityView | null {
  let view: EntityView | null = null;
  for (const placed of commits.flatMap(placedEvents)) {
    if (placed.version <= version) view = evolve(aggregates.product, view, placed);
  }
  return view;
}

/** A state as it is stored: the statechart's own has more to it, which nobody reads. */
function plain(view: EntityView | null): unknown {
  return view && { ...view, state: { value: view.state.value, context: view.state.context } };
}

/** The snapshot at the commit that ends at a version; its stock tells that it was used. */
function marked(commits: readonly Commit[], version: number): Snapshot {
  const last = commits.find((commit) => commit.version + commit.events.length - 1 === version);
  const view = folded(commits, version);
  if (last === undefined || view === null) throw new Error("no commit ends there");
  const context = view.state.context as { readonly name: string };
  const state = { ...view.state, context: { ...context, name: "from a snapshot" } };
  const { hash, at, id: commitId } = last;
  return { stream: id, version, machineHash, state, hash, at, commitId };
}

async function open(): Promise<{ rig: Rig; commits: readonly Commit[]; sources: PastSources }> {
  const rig = await openRig();
  const commits = longHistory();
  await rig.append(commits);
  const { store, db } = rig;
  return { rig, commits, sources: { store, snapshots: createSnapshots(db), machineHash } };
}

/** Snapshots are read as a majority has them, and written without waiting for it. */
async function keep(snapshots: Snapshots, snapshot: Snapshot): Promise<void> {
  await snapshots.save(snapshot);
  await eventually(async () => isDeepStrictEqual(await snapshots.load(id), stored(snapshot)));
}

function stored({ state: { value, context }, ...rest }: Snapshot): Snapshot {
  return { ...rest, state: { value, context } };
}

async function nameAt(sources: PastSources, version: number): Promise<unknown> {
  const past = await pastOf(sources, { aggregate: "product", id, version });
  if (past.kind !== "found") throw new Error(`${past.kind} at ${String(version)}`);
  return (past.view.state.context as { readonly name: string }).name;
}

describe("the past of a long history", () => {
  it("is the fold of its events, at the end of a commit and within one", async () => {
    const { commits, sources } = await open();
    for (const version of [1, 2, 3, 499, 500, 501, 599, 600]) {
      const past = await pastOf(sources, { aggregate: "product", id, version });
      expect(past).toEqual({ kind: "found", view: folded(commits, version) });
    }
    const newest = { kind: "newest", view: folded(commits, 600) };
    for (const version of [601, 5_000, 0, -1]) {
      expect(await pastOf(sources, { aggregate: "product", id, version })).toEqual(newest);
    }
    const none = { kind: "none" };
    expect(await pastOf(sources, { aggregate: "order", id, version: 3 })).toEqual(none);
    const unknown = { aggregate: "product", id: productIdOf("NONE"), version: 3 } as const;
    expect(await pastOf(sources, unknown)).toEqual(none);
  });

  it("begins with the latest snapshot that is not younger, and equals the fold", async () => {
    const { rig, commits, sources } = await open();
    const snapshots = createSnapshots(rig.db);
    const snapshot = marked(commits, 400);
    await keep(snapshots, snapshot);
    const name = `Product ${SKU}`;
    expect(await nameAt(sources, 399)).toBe(name);
    for (const version of [400, 401, 600]) {
      expect(await nameAt(sources, version)).toBe("from a snapshot");
    }
    const honest = folded(commits, 400);
    if (honest === null) throw new Error("there is a history");
    await keep(snapshots, { ...snapshot, state: honest.state });
    for (const version of [400, 401, 600]) {
      const past = await pastOf(sources, { aggregate: "product", id, version });
      if (past.kind !== "found") throw new Error(past.kind);
      expect(plain(past.view)).toEqual(plain(folded(commits, version)));
    }
  });

  it("takes no snapshot of other statecharts, of another kind or of a lost history", async () => {
    const { rig, commits, sources } = await open();
    const snapshots = createSnapshots(rig.db);
    const snapshot = marked(commits, 400);
    for (const wrong of [
      { machineHash: "other statecharts" },
      { commitId: "00000000-0000-4000-8000-000000000000" },
      { hash: "0".repeat(64) },
    ]) {
      await keep(snapshots, { ...snapshot, ...wrong });
      expect(await nameAt(sources, 500)).toBe(`Product ${SKU}`);
    }
    await keep(snapshots, snapshot);
    expect(await nameAt({ store: rig.store }, 500)).toBe(`Product ${SKU}`);
    expect(await pastOf(sources, { aggregate: "order", id, version: 500 })).toEqual({
      kind: "none",
    });
  });
});
