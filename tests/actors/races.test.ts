import { describe, expect, it } from "vitest";
import type { CommandBus } from "../../actors/index.ts";
import {
  accepted,
  adjustStock,
  busRig,
  codeOf,
  createProduct,
  onHandOf,
  range,
  toProduct,
} from "./bus-rig.ts";
import { expectTrueHistory } from "./history-checker.ts";
import type { Exchange } from "./history-checker.ts";

const SKUS = range(20).map((index) => `SKU-${index}`);

/** A small generator with a seed, so that a failure can be run again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function any<Item>(items: readonly Item[], roll: (sides: number) => number): Item {
  const item = items[roll(items.length)];
  if (item === undefined) throw new RangeError("there is nothing to choose from");
  return item;
}

/** Clients that send new commands, repeats of their own and repeats through the other owner. */
async function race(buses: readonly CommandBus[], seed: number): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const client = async (index: number): Promise<void> => {
    const roll = dice(seed + index);
    let last = createProduct(any(SKUS, roll));
    for (let count = 0; count < 20; count += 1) {
      const sku = any(SKUS, roll);
      const choice = roll(10);
      const envelope =
        choice === 0
          ? last
          : choice === 1
            ? createProduct(sku)
            : choice === 2
              ? toProduct(sku, "UpdateProduct", { data: { name: `Name ${roll(3)}` } })
              : choice === 3
                ? adjustStock(sku, 1, { expectedVersion: roll(60) })
                : adjustStock(sku, roll(2) === 0 ? -3 : 2);
      const isTwice = roll(5) === 0;
      const sent = (isTwice ? [0, 1] : [roll(buses.length)]).map(async (owner) => {
        const bus = buses[owner];
        if (bus === undefined) throw new RangeError("no such bus");
        exchanges.push({ envelope, outcome: await bus.send(envelope) });
      });
      await Promise.all(sent);
      last = envelope;
    }
  };
  await Promise.all(range(20).map(client));
  return exchanges;
}

describe("two owners of the same entities", () => {
  it.each([1, 2])("cost retries but never a wrong event (seed %i)", async (seed) => {
    const { startBus, store } = await busRig();
    const limits = { snapshotEveryEvents: 7, activeEntitiesMax: 16, idleTimeoutMs: 20 };
    const buses = [startBus({ limits }), startBus({ limits })];
    const exchanges = await race(buses, seed);
    const kinds = new Set<string>(exchanges.map(({ outcome }) => outcome.kind));
    expect([...kinds].toSorted()).toEqual(["accepted", "refused", "unchanged"]);
    await expectTrueHistory(store, exchanges);
  });

  it("sell the last unit to one buyer", async () => {
    const { startBus, store } = await busRig();
    const buses = [startBus(), startBus()];
    const [first] = buses;
    if (first === undefined) throw new RangeError("no such bus");
    const creation = createProduct("LAST");
    const exchanges: Exchange[] = [{ envelope: creation, outcome: await first.send(creation) }];
    const stocking = adjustStock("LAST", 1);
    exchanges.push({ envelope: stocking, outcome: await first.send(stocking) });
    await Promise.all(
      range(60).map(async (index) => {
        const envelope = adjustStock("LAST", -1);
        const bus = buses[index % 2] ?? first;
        exchanges.push({ envelope, outcome: await bus.send(envelope) });
      }),
    );
    const codes = exchanges.slice(2).map(({ outcome }) => codeOf(outcome));
    expect(codes.filter((code) => code === "accepted")).toHaveLength(1);
    expect(codes.filter((code) => code === "GUARD_FAILED")).toHaveLength(59);
    await expectTrueHistory(store, exchanges);
  });

  it("both keep a hot entity whole while each sends it chains", async () => {
    const { startBus, store } = await busRig();
    const buses = [startBus(), startBus()];
    const [first] = buses;
    if (first === undefined) throw new RangeError("no such bus");
    const creation = createProduct("HOT");
    const exchanges: Exchange[] = [{ envelope: creation, outcome: await first.send(creation) }];
    await Promise.all(
      range(400).map(async (index) => {
        const envelope = adjustStock("HOT", 1);
        const bus = buses[index % 2] ?? first;
        exchanges.push({ envelope, outcome: await bus.send(envelope) });
      }),
    );
    const last = exchanges.map(({ outcome }) => onHandOf(outcome));
    expect(Math.max(...last)).toBe(400);
    expect(new Set(exchanges.map(({ outcome }) => accepted(outcome).version)).size).toBe(401);
    await expectTrueHistory(store, exchanges);
  });
});
