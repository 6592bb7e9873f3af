import { randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import { beforeAll, describe, expect, it } from "vitest";
import type { Snapshot } from "../../log/index.ts";
import { createCheckpoints, createSnapshots } from "../../log/index.ts";
import { eventually, testDatabase } from "../support/servers.ts";

let db: Db;

beforeAll(async () => {
  db = (await testDatabase()).db;
});

describe("checkpoints", () => {
  it("give back what was saved last under a name, and null for a name unheard of", async () => {
    const checkpoints = createCheckpoints(db);
    expect(await checkpoints.load("orders")).toBeNull();
    await checkpoints.save("orders", { token: "82AB", time: 1_700_000_000_000 });
    await checkpoints.save("products", { token: null, time: 0 });
    await checkpoints.save("orders", { token: "82AC", time: 1_700_000_000_001 });
    expect(await createCheckpoints(db).load("orders")).toEqual({
      token: "82AC",
      time: 1_700_000_000_001,
    });
    expect(await checkpoints.load("products")).toEqual({ token: null, time: 0 });
  });
});

describe("snapshots", () => {
  const snapshot: Snapshot = {
    stream: randomUUID(),
    version: 41,
    machineHash: "hash-of-the-machines",
    state: {
      value: { lifecycle: "pending", reservation: "none" },
      context: { total: 2 ** 40, lines: [{ id: "a", price: -0.25 }], note: null },
    },
    hash: "f".repeat(64),
    at: "2026-11-23T15:00:00.000Z",
    commitId: randomUUID(),
  };

  it("give an entity's state back as it was", async () => {
    const snapshots = createSnapshots(db);
    expect(await snapshots.load(snapshot.stream)).toBeNull();
    await snapshots.save(snapshot);
    await eventually(async () => (await snapshots.load(snapshot.stream)) !== null);
    expect(await snapshots.load(snapshot.stream)).toEqual(snapshot);
    const later: Snapshot = { ...snapshot, version: 57, state: { value: "none", context: {} } };
    await snapshots.save(later);
    // Written with w:1 and read with majority: the older one may come back for a moment.
    await eventually(async () => (await snapshots.load(snapshot.stream))?.version === 57);
    expect(await snapshots.load(snapshot.stream)).toEqual(later);
  });
});
