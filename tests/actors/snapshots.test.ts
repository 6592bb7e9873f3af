import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { loadState, machineHash } from "../../actors/index.ts";
import { productAggregate, productIdOf } from "../../machines/index.ts";
import type { Snapshots } from "../../log/index.ts";
import { eventually } from "../support/servers.ts";
import { accepted, adjustStock, busRig, createProduct, onHandOf, range } from "./bus-rig.ts";
import type { BusRig } from "./bus-rig.ts";
import { plain } from "./history-checker.ts";

const SKU = "TEA-1";
const entityId = productIdOf(SKU);
const target = { aggregate: productAggregate.name, entityId };

const none: Snapshots = {
  load: () => Promise.resolve(null),
  save: () => Promise.resolve(),
};

/** A product of 25 events with a snapshot somewhere before the end. */
async function snapshotted(): Promise<BusRig> {
  const rig = await busRig();
  const bus = rig.startBus({ limits: { snapshotEveryEvents: 10 } });
  await bus.send(createProduct(SKU));
  for (const index of range(24)) accepted(await bus.send(adjustStock(SKU, index + 1)));
  await bus.close();
  await eventually(async () => (await rig.snapshots.load(entityId)) !== null);
  return rig;
}

describe("a snapshot", () => {
  it("and the events after it lead to the same state as all events", async () => {
    const rig = await snapshotted();
    const sources = { store: rig.store, machineHash: machineHash() };
    const short = await loadState({ ...sources, snapshots: rig.snapshots }, target);
    const full = await loadState({ ...sources, snapshots: none }, target);
    expect(short.snapshotVersion).toBeGreaterThanOrEqual(10);
    expect(full.snapshotVersion).toBe(0);
    expect(plain(short.state)).toEqual(plain(full.state));
    const { version, hash, at, commitId } = full;
    expect(short).toMatchObject({ version, hash, at, commitId });
  });

  it("is not used for an earlier state, nor with other machines than wrote it", async () => {
    const { store, snapshots } = await snapshotted();
    const sources = { store, snapshots, machineHash: machineHash() };
    const early = await loadState(sources, { ...target, throughVersion: 4 });
    expect(early).toMatchObject({ version: 4, snapshotVersion: 0 });
    const other = await loadState({ ...sources, machineHash: "another" }, target);
    expect(other).toMatchObject({ version: 25, snapshotVersion: 0 });
  });

  it("that outlived its history is not used, so that no gap follows", async () => {
    const rig = await snapshotted();
    await rig.db.collection("events").deleteMany({});
    const bus = rig.startBus();
    expect(accepted(await bus.send(createProduct(SKU))).version).toBe(1);
    await bus.close();
    const next = rig.startBus();
    expect(accepted(await next.send(adjustStock(SKU, 2))).version).toBe(2);
  });

  it("of another history is not used", async () => {
    const rig = await snapshotted();
    const found = await rig.snapshots.load(entityId);
    if (found === null) throw new Error("there is a snapshot");
    const sources = { store: rig.store, snapshots: rig.snapshots, machineHash: machineHash() };
    for (const foreign of [{ hash: "f".repeat(64) }, { commitId: randomUUID() }]) {
      await rig.snapshots.save({ ...found, ...foreign });
      await eventually(async () => (await loadState(sources, target)).snapshotVersion === 0);
    }
  });

  it("cannot be missed: a cache that fails costs no command", async () => {
    const { startBus, store, db } = await busRig();
    await db.createCollection("snapshots", { validator: { never: true } });
    const bus = startBus({ limits: { snapshotEveryEvents: 1 }, store });
    await bus.send(createProduct(SKU));
    expect(onHandOf(await bus.send(adjustStock(SKU, 4)))).toBe(4);
    await bus.close();
    expect(onHandOf(await startBus().send(adjustStock(SKU, 4)))).toBe(8);
  });
});
