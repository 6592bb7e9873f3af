import { describe, expect, it } from "vitest";
import { eventually } from "../support/servers.ts";
import { accepted, adjustStock, busRig, codeOf, createProduct, range } from "./bus-rig.ts";

const SKU = "TEA-1";

/** A gate in front of the store: appends wait until it opens. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe("a bound", () => {
  it("answers OVERLOADED at once when the mailbox is full, and the rest truly", async () => {
    const { startBus, store } = await busRig();
    const { opened, open } = gate();
    const bus = startBus({
      limits: { mailboxSizeMax: 10 },
      store: { ...store, append: (commit, by) => opened.then(() => store.append(commit, by)) },
    });
    const creation = bus.send(createProduct(SKU));
    const sent = range(12).map((index) => adjustStock(SKU, index + 1));
    const outcomes = sent.map((envelope) => bus.send(envelope));
    const overflow = await Promise.race([outcomes[11], outcomes[0]]);
    expect(overflow).toMatchObject({ kind: "failed", code: "OVERLOADED" });
    open();
    accepted(await creation);
    const codes = (await Promise.all(outcomes)).map(codeOf);
    expect(codes.filter((code) => code === "accepted")).toHaveLength(10);
    const last = sent[11];
    if (last === undefined) throw new Error("twelve were sent");
    expect(accepted(await bus.send(last)).version).toBe(12);
  });

  it("answers OVERLOADED when too many commands are under way", async () => {
    const { startBus, store } = await busRig();
    const { opened, open } = gate();
    const bus = startBus({
      limits: { commandsInFlightMax: 2 },
      store: { ...store, append: (commit, by) => opened.then(() => store.append(commit, by)) },
    });
    const two = [bus.send(createProduct("A")), bus.send(createProduct("B"))];
    expect(codeOf(await bus.send(createProduct("C")))).toBe("OVERLOADED");
    open();
    expect((await Promise.all(two)).map(codeOf)).toEqual(["accepted", "accepted"]);
  });

  it("keeps no more entities in memory than it may, and none is lost by it", async () => {
    const { startBus } = await busRig();
    const started = new Set<string>();
    const running = new Set<string>();
    const bus = startBus({
      limits: { activeEntitiesMax: 3 },
      inspect(event) {
        if (event.type === "@xstate.actor" && "actorRef" in event) {
          started.add((event.actorRef as { id: string }).id);
        }
        if ("event" in event && "actorRef" in event) {
          const { id } = event.actorRef as { id: string };
          if ((event.event as { type: string }).type === "xstate.init") running.add(id);
          if ((event.event as { type: string }).type === "xstate.stop") running.delete(id);
        }
      },
    });
    for (const index of range(10)) accepted(await bus.send(createProduct(`SKU-${index}`)));
    for (const index of range(10)) {
      expect(accepted(await bus.send(adjustStock(`SKU-${index}`, 1))).version).toBe(2);
    }
    expect(started.size).toBe(10);
    expect(running.size).toBeLessThanOrEqual(3);
  });

  it("answers OVERLOADED rather than forget an entity that has work", async () => {
    const { startBus, store } = await busRig();
    const { opened, open } = gate();
    const bus = startBus({
      limits: { activeEntitiesMax: 1 },
      store: { ...store, append: (commit, by) => opened.then(() => store.append(commit, by)) },
    });
    const busy = bus.send(createProduct("A"));
    expect(codeOf(await bus.send(createProduct("B")))).toBe("OVERLOADED");
    open();
    accepted(await busy);
    accepted(await bus.send(createProduct("B")));
  });

  it("stops an entity that has been idle for long; the next command brings it back", async () => {
    const { startBus } = await busRig();
    const events: string[] = [];
    const bus = startBus({
      limits: { idleTimeoutMs: 1, sweepIntervalMs: 5 },
      inspect(event) {
        if ("event" in event) events.push((event.event as { type: string }).type);
      },
    });
    await bus.send(createProduct(SKU));
    await eventually(() => events.includes("xstate.stop"), { description: "passivation" });
    expect(accepted(await bus.send(adjustStock(SKU, 1))).version).toBe(2);
  });

  it("ends a closed bus: what is under way is answered, the rest is UNAVAILABLE", async () => {
    const { startBus } = await busRig();
    const bus = startBus();
    const underWay = range(30).map((index) => bus.send(createProduct(`SKU-${index}`)));
    const closing = bus.close();
    expect(codeOf(await bus.send(createProduct(SKU)))).toBe("UNAVAILABLE");
    await closing;
    expect((await Promise.all(underWay)).map(codeOf)).toEqual(range(30).map(() => "accepted"));
  });
});
