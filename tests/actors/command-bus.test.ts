import { describe, expect, it } from "vitest";
import { accepted, adjustStock, busRig, codeOf, createProduct, onHandOf } from "./bus-rig.ts";

describe("the command bus", () => {
  it("answers an accepted command with its version, state and events", async () => {
    const bus = (await busRig()).startBus();
    const created = accepted(await bus.send(createProduct("TEA-1")));
    expect(created).toMatchObject({ version: 1, repeated: false });
    expect(created.events.map(({ type }) => type)).toEqual(["ProductCreated"]);
    const adjusted = await bus.send(adjustStock("TEA-1", 7));
    expect(accepted(adjusted).version).toBe(2);
    expect(onHandOf(adjusted)).toBe(7);
  });

  it("answers a refusal with its reason and writes nothing", async () => {
    const { startBus, db } = await busRig();
    const bus = startBus();
    expect(codeOf(await bus.send(adjustStock("TEA-1", 7)))).toBe("NOT_FOUND");
    await bus.send(createProduct("TEA-1"));
    expect(codeOf(await bus.send(adjustStock("TEA-1", -1)))).toBe("GUARD_FAILED");
    expect(codeOf(await bus.send(adjustStock("TEA-1", 0)))).toBe("unchanged");
    expect(await db.collection("events").countDocuments()).toBe(1);
  });
});
