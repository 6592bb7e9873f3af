import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LogError, partitionOf, sealCommit } from "../../log/index.ts";
import type { Commit } from "../../log/index.ts";
import { productIdOf } from "../../machines/index.ts";
import { accepted, adjustStock, busRig, codeOf, createProduct, range } from "./bus-rig.ts";
import { expectTrueHistory } from "./history-checker.ts";

const SKU = "TEA-1";

/** The next commit of a history, holding an event that no statechart knows. */
function nonsense(after: Commit): Commit {
  const stream = after.stream;
  return sealCommit(after.hash, {
    id: randomUUID(),
    stream,
    aggregate: "product",
    version: after.version + after.events.length,
    partition: partitionOf(stream),
    at: "2026-11-23T12:00:00.000Z",
    meta: { ...after.meta, command: "Nonsense" },
    events: [{ type: "Nonsense", schemaVersion: 1, data: {} }],
  });
}

describe("a fault", () => {
  it("in one history is answered and logged once, and every other entity goes on", async () => {
    const { startBus, store, faults } = await busRig();
    await startBus().send(createProduct(SKU));
    const [first] = await store.read(productIdOf(SKU), 0);
    if (first === undefined) throw new Error("the product was created");
    expect(await store.append(nonsense(first), Date.now() + 5_000)).toEqual({ kind: "landed" });
    const bus = startBus();
    const envelope = adjustStock(SKU, 1);
    const outcomes = await Promise.all([bus.send(envelope), bus.send(createProduct("OTHER"))]);
    expect(outcomes.map(codeOf)).toEqual(["FAULT", "accepted"]);
    expect(faults()).toEqual([envelope.correlationId]);
    expect(accepted(await bus.send(adjustStock("OTHER", 1))).version).toBe(2);
    expect(codeOf(await bus.send(adjustStock(SKU, 1)))).toBe("FAULT");
  });

  it("is met by a live entity when the foreign commit comes, not before", async () => {
    const { startBus, store } = await busRig();
    const bus = startBus();
    await bus.send(createProduct(SKU));
    const [first] = await store.read(productIdOf(SKU), 0);
    if (first === undefined) throw new Error("the product was created");
    await store.append(nonsense(first), Date.now() + 5_000);
    expect(codeOf(await bus.send(adjustStock(SKU, 1)))).toBe("FAULT");
    expect(codeOf(await bus.send(adjustStock(SKU, -1)))).toBe("FAULT");
  });

  it("of one commit that cannot be stored spares the rest of its chain", async () => {
    const { startBus, store, faults } = await busRig();
    const poisoned = adjustStock(SKU, 13);
    const refuse = (commits: readonly Commit[]): void => {
      if (commits.some(({ id }) => id === poisoned.commandId)) {
        throw new LogError("COMMIT_INVALID", "no store takes this commit");
      }
    };
    const bus = startBus({
      store: {
        ...store,
        async append(commit, deadline) {
          refuse([commit]);
          return store.append(commit, deadline);
        },
        async appendChain(commits, deadline) {
          refuse(commits);
          return store.appendChain(commits, deadline);
        },
      },
    });
    const envelopes = [
      createProduct(SKU),
      ...range(9).map(() => adjustStock(SKU, 1)),
      adjustStock(SKU, -1_000),
      poisoned,
      ...range(9).map(() => adjustStock(SKU, 1)),
    ];
    const exchanges = await Promise.all(
      envelopes.map(async (envelope) => ({ envelope, outcome: await bus.send(envelope) })),
    );
    const codes = exchanges.map(({ outcome }) => codeOf(outcome));
    expect(codes.filter((code) => code === "accepted")).toHaveLength(19);
    expect(codes[10]).toBe("GUARD_FAILED");
    expect(codes[11]).toBe("FAULT");
    expect(faults()).toEqual([poisoned.correlationId]);
    await expectTrueHistory(store, exchanges);
  });
});
