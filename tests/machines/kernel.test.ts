import { setup } from "xstate";
import { z } from "zod";
import { describe, expect, it } from "vitest";
import { allowedCommands, applyEvent, decide, initialState, upcast } from "../../machines/index.ts";
import type { Aggregate, DomainEvent, EntityState } from "../../machines/index.ts";
import { commandsOf } from "../../machines/kernel/define.ts";
import { command, staff } from "./samples.ts";

interface Lamp {
  readonly count: number;
}

const chart = setup({
  types: {
    context: {} as Lamp,
    events: {} as { type: string; schemaVersion: number; data: { readonly by?: number } },
    meta: {} as { readonly command: string },
  },
  guards: { isCool: ({ context }) => context.count < 3 },
});
const counted = chart.assign(({ context, event }) => ({
  count: context.count + (event.data.by ?? 1),
}));
const swap = { command: "Swap" };

/** Two regions: a power switch and a plug; only a plugged lamp should light up. */
const machine = chart.createMachine({
  id: "lamp",
  type: "parallel",
  context: { count: 0 },
  states: {
    power: {
      initial: "off",
      states: {
        off: { on: { Lit: { target: "on", actions: counted, guard: "isCool", meta: swap } } },
        on: { on: { Darkened: { target: "off", meta: swap }, Glowed: { actions: counted } } },
      },
    },
    plug: {
      initial: "out",
      states: {
        out: { on: { Plugged: { target: "in", meta: { command: "Plug" } } } },
        in: { on: { Lit: { meta: swap }, Unplugged: { target: "out" } } },
      },
    },
  },
});

const schema = z.object({ by: z.int().optional() });
const upcasters = {
  1: (data: object) => ({ by: (data as { readonly times: number }).times }),
  2: (data: object) => ({ ...data, by: (data as { readonly by: number }).by * 10 }),
};
const events = {
  Lit: { schema, schemaVersion: 3, regions: ["power", "plug"], upcasters },
  Darkened: { schema, schemaVersion: 1, regions: ["power"] },
  Glowed: { schema, schemaVersion: 1, regions: ["power"] },
  Plugged: { schema, schemaVersion: 1, regions: ["plug"] },
  Unplugged: { schema, schemaVersion: 1, regions: ["plug"] },
};
type Type = keyof typeof events;

function event(type: Type, data: object = {}): DomainEvent {
  return { type, schemaVersion: events[type].schemaVersion, data };
}

const lampCommand = commandsOf<Lamp>();
const input = z.object({ events: z.array(z.enum(Object.keys(events))) });
const rule = {
  input,
  facts: z.object({}),
  scopes: ["operator"] as const,
  description: "",
  creates: true,
};
const happen = (data: z.output<typeof input>) => data.events.map((type) => event(type as Type));

const lamp: Aggregate<Lamp> = {
  name: "order",
  machine,
  events,
  commands: {
    Swap: lampCommand({ ...rule, decide: (_state, data) => happen(data) }),
    Plug: lampCommand({ ...rule, decide: (_state, data) => happen(data) }),
    Melt: lampCommand({ ...rule, scopes: ["internal"], decide: () => [] }),
  },
  guards: { isCool: { message: "Too hot.", figures: ({ count }) => ({ count }) } },
  exists: () => true,
  isVisibleTo: () => true,
};

const start = initialState(lamp);
const after = (...types: Type[]) =>
  types.reduce((state, type) => applyEvent(lamp, state, event(type)), start);
const swapTo = (...types: Type[]) => command("Swap", { events: types });

function refusal(aggregate: Aggregate<Lamp>, state: EntityState<Lamp>, asked = swapTo("Lit")) {
  const decision = decide(aggregate, state, asked);
  return decision.kind === "refused" ? decision.refusal : decision.kind;
}

describe("acceptance by regions", () => {
  it("refuses what only one of two regions takes, although can() says yes", () => {
    const snapshot = machine.resolveState({ value: start.value, context: start.context });
    expect(snapshot.can({ type: "Lit", schemaVersion: 3, data: {} })).toBe(true);
    expect(refusal(lamp, start)).toMatchObject({
      code: "INVALID_TRANSITION",
      message: "Swap needs plug to be in, and it is out.",
      details: { allowedIn: ["power.off", "power.on", "plug.in"] },
      allowedCommands: ["Plug"],
    });
  });

  it("accepts what both take, one of them by merely permitting it", () => {
    const decision = decide(lamp, after("Plugged"), swapTo("Lit"));
    expect(decision).toMatchObject({
      kind: "accepted",
      state: { value: { power: "on", plug: "in" }, context: { count: 1 } },
    });
  });

  it("names the guard and its figures where the arrow is there but closed", () => {
    const hot = after("Plugged", "Lit", "Glowed", "Glowed", "Darkened");
    expect(refusal(lamp, hot)).toMatchObject({
      code: "GUARD_FAILED",
      message: "Too hot.",
      details: { guard: "isCool", state: "power.off", count: 3 },
    });
  });
});

describe("several candidates", () => {
  it("are each judged on the state that the earlier ones lead to", () => {
    const decision = decide(lamp, after("Plugged"), swapTo("Lit", "Darkened", "Lit"));
    expect(decision).toMatchObject({ kind: "accepted", state: { context: { count: 2 } } });
  });

  it("are all refused with the one that is not accepted, and leave the state as it was", () => {
    const before = after("Plugged");
    expect(refusal(lamp, before, swapTo("Lit", "Lit"))).toMatchObject({
      code: "INVALID_TRANSITION",
    });
    expect(before).toMatchObject({ value: { power: "off" }, context: { count: 0 } });
  });
});

describe("follow-on events", () => {
  const swung = (advance: Aggregate<Lamp>["advance"]) => ({ ...lamp, advance }) as Aggregate<Lamp>;

  it("join the same decision until none is left", () => {
    const warm = swung(({ context }) => (context.count < 5 ? [event("Glowed")] : []));
    const decision = decide(warm, after("Plugged"), swapTo("Lit"));
    expect(decision).toMatchObject({ kind: "accepted", state: { context: { count: 5 } } });
    expect(decision.kind === "accepted" && decision.events).toHaveLength(5);
  });

  it("do not follow a decision without events", () => {
    const eager = swung(() => [event("Glowed")]);
    expect(decide(eager, after("Plugged"), swapTo())).toMatchObject({ events: [] });
  });

  it.each([
    ["never end", () => [event("Glowed")]],
    ["are not accepted", () => [event("Plugged")]],
  ])("are a fault of the aggregate when they %s", (_title, advance) => {
    const broken = swung(advance);
    expect(() => decide(broken, after("Plugged"), swapTo("Lit"))).toThrow(
      expect.objectContaining({ code: "DECIDE_FAULT" }),
    );
  });
});

describe("commands that no rule sees", () => {
  it.each(["Explode", "constructor", "__proto__", "toString"])("%s is unknown", (type) => {
    expect(refusal(lamp, start, command(type, {}))).toMatchObject({ code: "UNKNOWN_COMMAND" });
  });

  it("are forbidden to other scopes, and internal ones are not listed", () => {
    const plug = { ...command("Plug", {}), by: { subject: "s", scope: "service" as const } };
    expect(refusal(lamp, start, plug)).toMatchObject({ code: "FORBIDDEN" });
    expect(refusal(lamp, start, command("Melt", {}))).toMatchObject({ code: "FORBIDDEN" });
    const names = allowedCommands(lamp, start, staff).map((permission) => permission.command);
    expect(names).toEqual(["Swap", "Plug"]);
  });
});

describe("replay", () => {
  it("brings an old event through the chain of upcasters", () => {
    const old = { type: "Lit", schemaVersion: 1, data: { times: 4 } };
    expect(upcast(lamp, old)).toEqual({ type: "Lit", schemaVersion: 3, data: { by: 40 } });
    expect(old.data).toEqual({ times: 4 });
    expect(applyEvent(lamp, after("Plugged"), old).context.count).toBe(40);
  });

  it.each([
    ["an event that no region takes", event("Darkened")],
    ["an event that one region of two takes", event("Lit")],
    ["an event of an unknown type", { type: "Flickered", schemaVersion: 1, data: {} }],
    ["an event named like an inherited field", { type: "valueOf", schemaVersion: 1, data: {} }],
    ["a version from the future", { type: "Plugged", schemaVersion: 2, data: {} }],
    ["a version before the first upcaster", { type: "Lit", schemaVersion: 0, data: {} }],
  ])("stops at %s", (_title, bad) => {
    expect(() => applyEvent(lamp, start, bad)).toThrow(
      expect.objectContaining({ code: "REPLAY_FAULT" }),
    );
  });

  it("goes on from plain JSON as from a snapshot", () => {
    const { value, context } = after("Plugged");
    const stored = JSON.parse(JSON.stringify({ value, context })) as EntityState<Lamp>;
    expect(applyEvent(lamp, stored, event("Lit")).value).toEqual({ power: "on", plug: "in" });
  });

  it("names a stored state that the chart no longer has", () => {
    const stored = { value: { power: "melted", plug: "out" }, context: { count: 0 } };
    expect(() => decide(lamp, stored, swapTo("Lit"))).toThrow(
      expect.objectContaining({ code: "STATE_UNKNOWN" }),
    );
  });
});
