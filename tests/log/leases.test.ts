import type { Db } from "mongodb";
import { beforeEach, describe, expect, it } from "vitest";
import { createLeases } from "../../log/index.ts";
import { disposeLater, eventually, testDatabase, testMongod } from "../support/servers.ts";
import { openStore, silent } from "./store-rig.ts";

const TTL_MS = 1_500;

let db: Db;

beforeEach(async () => {
  db = (await testDatabase()).db;
});

/** A competitor for the lease that notes what happens to it. */
interface Competitor {
  readonly epochs: number[];
  isHolding(): boolean;
  stop(): Promise<void>;
}

interface Wishes {
  readonly name?: string;
  readonly ttlMs?: number;
  readonly work?: (lost: AbortSignal) => Promise<void>;
}

function compete(database: Db, node: string, wishes: Wishes = {}): Competitor {
  const stopping = new AbortController();
  const epochs: number[] = [];
  let held = 0;
  const holding = createLeases(database, { node, logger: silent }).hold(wishes.name ?? "work", {
    ttlMs: wishes.ttlMs ?? TTL_MS,
    signal: stopping.signal,
    onHeld: async (epoch, lost) => {
      epochs.push(epoch);
      held += 1;
      try {
        await (wishes.work ?? untilAborted)(lost);
      } finally {
        held -= 1;
      }
    },
  });
  const stop = async () => {
    stopping.abort();
    await holding;
  };
  disposeLater(stop);
  return { epochs, isHolding: () => held > 0, stop };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

describe("a lease", () => {
  it("has one holder among many, and passes on at once when it is given back", async () => {
    const competitors = Array.from({ length: 5 }, (_, index) => compete(db, `node-${index}`));
    const holders = () => competitors.filter((competitor) => competitor.isHolding());
    const epochs: number[] = [];
    for (let round = 1; round <= 5; round += 1) {
      await eventually(() => holders().length > 0);
      expect(holders()).toHaveLength(1);
      const holder = holders()[0];
      epochs.push(holder?.epochs.at(-1) ?? 0);
      await holder?.stop();
    }
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
  });

  it("is kept beyond its time by renewals", async () => {
    const holder = compete(db, "node-1");
    await eventually(() => holder.isHolding());
    const other = compete(db, "node-2");
    const expiresAt = async () => {
      const lease = await db.collection("leases").findOne({ _id: "work" as never });
      return (lease?.["expiresAt"] as Date).getTime();
    };
    const first = await expiresAt();
    await eventually(async () => (await expiresAt()) > first + 2 * TTL_MS);
    expect(holder.isHolding()).toBe(true);
    expect(other.epochs).toEqual([]);
  });

  it("is lost to another when its holder no longer renews, and the holder is told", async () => {
    const holder = compete(db, "node-1");
    await eventually(() => holder.isHolding());
    // What a stopped process leaves behind: its time runs out and nobody has given it back.
    await db.collection("leases").updateOne({ _id: "work" as never }, { $set: { holder: "gone" } });
    const other = compete(db, "node-2");
    await eventually(() => !holder.isHolding());
    await eventually(() => other.isHolding() || holder.isHolding());
    expect(Math.max(...holder.epochs, ...other.epochs)).toBe(2);
  });

  it("ends its holder's work when MongoDB is away for longer than its time", async () => {
    const mongod = await testMongod();
    const rig = await openStore(mongod.url, "leases");
    const holder = compete(rig.db, "node-1");
    await eventually(() => holder.isHolding());
    await mongod.kill();
    await eventually(() => !holder.isHolding());
    await mongod.restart();
    await eventually(() => holder.isHolding());
    expect(holder.epochs).toEqual([1, 2]);
  });

  it("is given back and taken again when the work ends or throws", async () => {
    let runs = 0;
    const holder = compete(db, "node-1", {
      work: () => {
        runs += 1;
        return runs === 1 ? Promise.reject(new Error("the work failed")) : Promise.resolve();
      },
    });
    await eventually(() => holder.epochs.length >= 3);
    expect(holder.epochs.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it("knows nothing of leases of other names", async () => {
    const holders = ["a", "b", "c"].map((name) => compete(db, "node-1", { name }));
    await eventually(() => holders.every((holder) => holder.isHolding()));
  });
});
