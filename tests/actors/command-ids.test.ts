import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { commandIdFor } from "../../machines/index.ts";
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
import type { BusRig } from "./bus-rig.ts";
import { expectTrueHistory, plain } from "./history-checker.ts";

const SKU = "TEA-1";

async function rigWithProduct(): Promise<BusRig & { bus: ReturnType<BusRig["startBus"]> }> {
  const rig = await busRig();
  const bus = rig.startBus();
  accepted(await bus.send(createProduct(SKU)));
  return { ...rig, bus };
}

function storedCount({ db }: BusRig): Promise<number> {
  return db.collection("events").countDocuments();
}

describe("a command id", () => {
  it("brings the stored answer when it comes again", async () => {
    const rig = await rigWithProduct();
    const envelope = adjustStock(SKU, 5);
    const first = accepted(await rig.bus.send(envelope));
    const second = accepted(await rig.bus.send(envelope));
    expect(first.repeated).toBe(false);
    expect(second).toMatchObject({ version: 2, repeated: true, at: first.at });
    expect(plain(second.events)).toEqual(plain(first.events));
    expect(await storedCount(rig)).toBe(2);
  });

  it("brings one acceptance to all who send it at once", async () => {
    const rig = await rigWithProduct();
    const envelope = adjustStock(SKU, 5);
    const outcomes = await Promise.all(range(20).map(() => rig.bus.send(envelope)));
    expect(outcomes.map((outcome) => accepted(outcome).version)).toEqual(range(20).map(() => 2));
    expect(outcomes.filter((outcome) => !accepted(outcome).repeated)).toHaveLength(1);
    expect(await storedCount(rig)).toBe(2);
  });

  it("brings the state of that time after the entity has moved on", async () => {
    const rig = await rigWithProduct();
    const envelope = adjustStock(SKU, 5);
    await rig.bus.send(envelope);
    await rig.bus.send(adjustStock(SKU, 3));
    await rig.bus.send(toProduct(SKU, "DiscontinueProduct"));
    const again = await rig.bus.send(envelope);
    expect(accepted(again)).toMatchObject({ version: 2, repeated: true });
    expect(onHandOf(again)).toBe(5);
  });

  it("is remembered after the entity has left memory and after a restart", async () => {
    const rig = await rigWithProduct();
    const small = rig.startBus({ limits: { activeEntitiesMax: 1 } });
    const envelope = adjustStock(SKU, 5);
    await small.send(envelope);
    await small.send(createProduct("OTHER"));
    expect(accepted(await small.send(envelope))).toMatchObject({ version: 2, repeated: true });
    await small.close();
    const next = rig.startBus();
    expect(accepted(await next.send(envelope))).toMatchObject({ version: 2, repeated: true });
  });

  it("is answered from the store although what the gateway adds has changed", async () => {
    const rig = await rigWithProduct();
    const envelope = adjustStock(SKU, 5);
    await rig.bus.send(envelope);
    const later = { ...envelope.command, now: "2031-01-01T00:00:00.000Z" };
    const again = accepted(await rig.bus.send({ ...envelope, command: later }));
    expect(again).toMatchObject({ repeated: true, at: envelope.command.now });
  });

  it("is refused for another input or another entity", async () => {
    const rig = await rigWithProduct();
    const envelope = adjustStock(SKU, 5);
    await rig.bus.send(envelope);
    await rig.bus.send(createProduct("OTHER"));
    const { commandId } = envelope;
    const sameTarget = adjustStock(SKU, 6, { commandId });
    const otherTarget = adjustStock("OTHER", 5, { commandId });
    const refusedAnyway = adjustStock(SKU, -99, { commandId });
    for (const reuse of [sameTarget, otherTarget, refusedAnyway]) {
      expect(codeOf(await rig.bus.send(reuse))).toBe("IDEMPOTENCY_KEY_REUSED");
    }
    expect(await storedCount(rig)).toBe(3);
  });

  it("lets only one of two different commands that come with it at once through", async () => {
    const rig = await rigWithProduct();
    const commandId = randomUUID();
    const codes = await Promise.all(
      [5, 6].map(async (delta) =>
        codeOf(await rig.bus.send(adjustStock(SKU, delta, { commandId }))),
      ),
    );
    expect(codes.toSorted()).toEqual(["IDEMPOTENCY_KEY_REUSED", "accepted"]);
  });

  it("is known to the second of two commands that a hot entity decides in one turn", async () => {
    const { startBus, store } = await rigWithProduct();
    const bus = startBus({
      store: {
        ...store,
        // Whatever the turn looks up is answered before its chain is sent.
        appendChain: (commits, deadline) =>
          store.find([randomUUID()]).then(() => store.appendChain(commits, deadline)),
      },
    });
    const commandId = randomUUID();
    const deltas = [...range(9).map(() => 1), 5, -99];
    const outcomes = await Promise.all(
      deltas.map((delta, index) =>
        bus.send(adjustStock(SKU, delta, index < 9 ? {} : { commandId })),
      ),
    );
    expect(outcomes.slice(-2).map(codeOf)).toEqual(["accepted", "IDEMPOTENCY_KEY_REUSED"]);
  });

  it("differs for the same key of two subjects", async () => {
    const rig = await rigWithProduct();
    const ids = ["anna", "ben"].map((subject) => commandIdFor(subject, "key-1"));
    const outcomes = await Promise.all(
      ids.map((commandId) => rig.bus.send(adjustStock(SKU, 1, { commandId }))),
    );
    expect(outcomes.map((outcome) => accepted(outcome).version).toSorted()).toEqual([2, 3]);
  });

  it("is decided anew when it was refused or changed nothing", async () => {
    const rig = await rigWithProduct();
    const taking = adjustStock(SKU, -5);
    expect(codeOf(await rig.bus.send(taking))).toBe("GUARD_FAILED");
    await rig.bus.send(adjustStock(SKU, 10));
    expect(accepted(await rig.bus.send(taking))).toMatchObject({ version: 3, repeated: false });
    const price = { minor: 1_250, currency: "EUR" };
    const pricing = toProduct(SKU, "ChangePrice", { data: { price } });
    expect(codeOf(await rig.bus.send(pricing))).toBe("unchanged");
    await rig.bus.send(
      toProduct(SKU, "ChangePrice", { data: { price: { ...price, minor: 999 } } }),
    );
    expect(accepted(await rig.bus.send(pricing))).toMatchObject({ version: 5, repeated: false });
  });

  it("is decided anew for those who joined a flight that was refused", async () => {
    const rig = await rigWithProduct();
    const taking = adjustStock(SKU, -5);
    const outcomes = await Promise.all([
      rig.bus.send(taking),
      rig.bus.send(taking),
      rig.bus.send(adjustStock(SKU, 10)),
      rig.bus.send(taking),
    ]);
    expect(codeOf(outcomes[0])).toBe("GUARD_FAILED");
    expect(accepted(outcomes[1]).version).toBe(3);
    expect(accepted(outcomes[3]).version).toBe(3);
  });

  it("lets one of two creations of one SKU through two buses win", async () => {
    const rig = await busRig();
    const buses = [rig.startBus(), rig.startBus()];
    const exchanges = await Promise.all(
      range(40).map(async (index) => {
        const envelope = createProduct(`SKU-${index >> 1}`);
        const bus = buses[index % 2];
        if (bus === undefined) throw new Error("there are two buses");
        return { envelope, outcome: await bus.send(envelope) };
      }),
    );
    const codes = exchanges.map(({ outcome }) => codeOf(outcome));
    expect(codes.filter((code) => code === "accepted")).toHaveLength(20);
    expect(codes.filter((code) => code === "INVALID_TRANSITION")).toHaveLength(20);
    await expectTrueHistory(rig.store, exchanges);
  });
});
