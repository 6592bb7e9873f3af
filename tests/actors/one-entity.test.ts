import { describe, expect, it } from "vitest";
import type { CommandBus, CommandEnvelope } from "../../actors/index.ts";
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

const SKU = "TEA-1";

async function exchange(bus: CommandBus, envelope: CommandEnvelope): Promise<Exchange> {
  return { envelope, outcome: await bus.send(envelope) };
}

describe("one entity", () => {
  it("gives 1,000 commands of 50 clients the versions 1 to n without a gap", async () => {
    const { startBus, store } = await busRig();
    const bus = startBus();
    const first = await exchange(bus, createProduct(SKU));
    const clients = range(50).map(async () => {
      const exchanges: Exchange[] = [];
      for (let count = 0; count < 20; count += 1) {
        exchanges.push(await exchange(bus, adjustStock(SKU, 1)));
      }
      return exchanges;
    });
    const rest = (await Promise.all(clients)).flat();
    const versions = rest.map(({ outcome }) => accepted(outcome).version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(range(1_000).map((index) => index + 2));
    await expectTrueHistory(store, [first, ...rest]);
  });

  it("answers a chain truly whose fifth append meets a foreign commit", async () => {
    const { startBus, store } = await busRig();
    const foreign = startBus();
    const created = await exchange(foreign, createProduct(SKU));
    const intruder = adjustStock(SKU, 1_000);
    const intrusions: Promise<Exchange>[] = [];
    const bus = startBus({
      store: {
        ...store,
        async appendChain(commits, deadline) {
          if (intrusions.length > 0) return store.appendChain(commits, deadline);
          const before = await store.appendChain(commits.slice(0, 4), deadline);
          intrusions.push(exchange(foreign, intruder));
          await intrusions[0];
          return [...before, ...(await store.appendChain(commits.slice(4), deadline))];
        },
      },
    });
    await bus.send(adjustStock(SKU, 0));
    const deltas = range(20).map((index) => (index % 5 === 3 ? -1_000 : 1));
    const exchanges = await Promise.all(
      deltas.map((delta) => exchange(bus, adjustStock(SKU, delta))),
    );
    expect(intrusions).toHaveLength(1);
    const codes = exchanges.map(({ outcome }) => codeOf(outcome));
    expect(codes.filter((code) => code === "accepted")).toHaveLength(17);
    expect(codes.filter((code) => code === "GUARD_FAILED")).toHaveLength(3);
    await expectTrueHistory(store, [created, ...(await Promise.all(intrusions)), ...exchanges]);
  });

  it("checks the expected version where one is given", async () => {
    const { startBus } = await busRig();
    const bus = startBus();
    const creation = createProduct(SKU, { expectedVersion: 0 });
    accepted(await bus.send(creation));
    const late = await bus.send(adjustStock(SKU, 1, { expectedVersion: 0 }));
    expect(late).toMatchObject({
      kind: "refused",
      version: 1,
      refusal: { code: "VERSION_CONFLICT", details: { expected: 0, actual: 1 } },
    });
    accepted(await bus.send(adjustStock(SKU, 1, { expectedVersion: 1 })));
    expect(accepted(await bus.send(creation)).repeated).toBe(true);
  });

  it("tells nobody the version of what is not there for them", async () => {
    const { startBus } = await busRig();
    const outcome = await startBus().send(adjustStock(SKU, 1, { expectedVersion: 3 }));
    expect(outcome).toMatchObject({ kind: "refused", version: 0, refusal: { code: "NOT_FOUND" } });
  });

  it("sees what another owner has written before it refuses", async () => {
    const { startBus } = await busRig();
    const [one, other] = [startBus(), startBus()];
    await one.send(createProduct(SKU));
    await other.send(adjustStock(SKU, 5));
    expect(onHandOf(await one.send(adjustStock(SKU, -3)))).toBe(2);
    await other.send(adjustStock(SKU, 4));
    expect(onHandOf(await one.send(adjustStock(SKU, -6)))).toBe(0);
    expect(codeOf(await other.send(adjustStock(SKU, -1)))).toBe("GUARD_FAILED");
  });

  it("is not there for commands of another aggregate", async () => {
    const { startBus } = await busRig();
    const bus = startBus();
    await bus.send(createProduct(SKU));
    const cancel = toProduct(SKU, "CancelOrder", { data: { reason: "OTHER" }, aggregate: "order" });
    expect(codeOf(await bus.send(cancel))).toBe("NOT_FOUND");
    expect(accepted(await bus.send(adjustStock(SKU, 1))).version).toBe(2);
  });

  it("lets its live actor see committed events only", async () => {
    const { startBus } = await busRig();
    const seen: unknown[] = [];
    const bus = startBus({
      inspect(event) {
        if (event.type === "@xstate.event" && "event" in event) {
          seen.push((event.event as { type: string }).type);
        }
        throw new Error("an observer that throws harms nobody");
      },
    });
    await bus.send(createProduct(SKU));
    await bus.send(adjustStock(SKU, -1));
    await bus.send(adjustStock(SKU, 1));
    const domain = seen.filter((type) => !String(type).startsWith("xstate."));
    expect(domain).toEqual(["ProductCreated", "StockAdjusted"]);
  });

  it("refuses malformed commands with the fields that are wrong", async () => {
    const { startBus, db } = await busRig();
    const bus = startBus();
    await bus.send(createProduct(SKU));
    const wrong = [
      adjustStock(SKU, 0.5),
      toProduct(SKU, "AdjustStock", { data: { delta: "1", reason: "x" } }),
      toProduct(SKU, "FlyToTheMoon"),
      toProduct(SKU, "__proto__"),
      adjustStock(SKU, 1, { commandId: "not-a-uuid" }),
      adjustStock(SKU, 1, { entityId: "../../etc" }),
      adjustStock(SKU, 1, { expectedVersion: -1 }),
      adjustStock(SKU, 1, { aggregate: "toString" as "order" }),
      { ...adjustStock(SKU, 1), command: { ...adjustStock(SKU, 1).command, now: "yesterday" } },
    ];
    for (const envelope of wrong) {
      expect(codeOf(await bus.send(envelope)), JSON.stringify(envelope)).toBe("INVALID_COMMAND");
    }
    const outcome = await bus.send(toProduct(SKU, "AdjustStock", { data: { delta: 1 } }));
    expect(outcome).toMatchObject({ refusal: { details: { fields: [{ path: "reason" }] } } });
    expect(await db.collection("events").countDocuments()).toBe(1);
  });
});
