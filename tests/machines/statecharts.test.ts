/**
 * Every arrow of both statecharts is taken and every command refused, over all states that
 * xstate/graph reaches by commands. Whoever adds an arrow that nothing takes, or a command that
 * nothing refuses, fails here.
 */
import { transition } from "xstate";
import type { AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition } from "xstate";
import { describe, expect, it } from "vitest";
import { applyEvent, decide } from "../../machines/index.ts";
import type { DomainEvent, EntityState } from "../../machines/index.ts";
import { allArrows, step, takenBy } from "../../machines/kernel/statechart.ts";
import { orderModel, productModel, reachable } from "./reachable.ts";
import type { Model } from "./reachable.ts";

function guardOf({ guard }: Pick<AnyTransitionDefinition, "guard">): string {
  return typeof guard === "string" ? guard : "";
}

/** Whatever the order says, the product ends these in an event, a refusal too. */
const ALWAYS = new Set([
  "CommitReservation",
  "ConsumeReservation",
  "ReleaseReservation",
  "ReserveStock",
  "Restock",
]);

interface Coverage {
  readonly states: readonly EntityState[];
  readonly taken: ReadonlySet<string>;
  readonly events: ReadonlyMap<string, DomainEvent>;
  readonly accepted: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
  readonly guards: ReadonlySet<unknown>;
}

function arrowsTaken(state: EntityState, event: DomainEvent): readonly string[] {
  const snapshot = state as unknown as AnyMachineSnapshot;
  const { machine } = snapshot;
  const selected = machine.getTransitionData(snapshot, event) as AnyTransitionDefinition[];
  return selected.map((one) =>
    [event.type, "from", (one.source as AnyStateNode).path.join("."), guardOf(one)].join(" "),
  );
}

/** All that tells two snapshots of one chart apart. */
function lookOf({ _nodes, context, value, status }: AnyMachineSnapshot): string {
  const states = _nodes.map(({ id }) => id).sort();
  const regions = Object.entries(value as Record<string, unknown>).sort();
  return JSON.stringify({ states, regions, context: context as object, status });
}

/** Every command in every state, and what became of it. */
function cover(model: Model): Coverage {
  const states = reachable(model);
  const taken = new Set<string>();
  const events = new Map<string, DomainEvent>();
  const accepted = new Set<string>();
  const refused = new Set<string>();
  const guards = new Set<unknown>();
  for (const state of states) {
    for (const command of model.commands(state)) {
      const decision = decide(model.aggregate, state, command);
      if (decision.kind === "refused") {
        const { code, message, details } = decision.refusal;
        if (!message.endsWith(".") || !/^[A-Z][A-Z_]+$/.test(code)) throw new Error(message);
        if (decision.refusal.code !== "NOT_FOUND") refused.add(command.type);
        if (code === "GUARD_FAILED") guards.add(details["guard"]);
        continue;
      }
      if (decision.events.length > 0) accepted.add(command.type);
      else refused.add(command.type);
      let at = state;
      for (const event of decision.events) {
        for (const arrow of arrowsTaken(at, event)) taken.add(arrow);
        events.set(event.type, event);
        at = applyEvent(model.aggregate, at, event);
      }
    }
  }
  return { states, taken, events, accepted, refused, guards };
}

describe.each([
  ["order", orderModel],
  ["product", productModel],
] as const)("the statechart of the %s", (_name, model) => {
  const { aggregate } = model;
  const arrows = allArrows(aggregate.machine);
  const coverage = cover(model);

  it("has each arrow taken by some command, legacy ones apart", () => {
    const wanted = arrows.filter(({ isLegacy }) => !isLegacy);
    const keys = wanted.map(({ event, state, guard }) =>
      [event, "from", state, guard ?? ""].join(" "),
    );
    const missed = keys.filter((key) => !coverage.taken.has(key));
    expect(missed.sort()).toEqual([]);
  });

  it("has each command accepted in some state and refused or unchanged in another", () => {
    const names = Object.keys(aggregate.commands).sort();
    expect([...coverage.accepted].sort()).toEqual(names);
    expect([...coverage.refused].sort()).toEqual(names.filter((one) => !ALWAYS.has(one)));
  });

  it("folds no event that is refused; one answer of a product never is", () => {
    const byValue = new Map(coverage.states.map((one) => [JSON.stringify(one.value), one]));
    const refused = new Set<string>();
    for (const state of byValue.values()) {
      for (const event of coverage.events.values()) {
        const taken = takenBy(state as unknown as AnyMachineSnapshot, event);
        const { regions = [] } = aggregate.events[event.type] ?? {};
        if (regions.every((region) => taken.has(region))) continue;
        refused.add(event.type);
        expect(() => applyEvent(aggregate, state, event)).toThrow(
          expect.objectContaining({ code: "REPLAY_FAULT" }),
        );
      }
    }
    const answers = ["StockReservationDeclined"];
    expect([...refused, ...answers]).toEqual(expect.arrayContaining(Object.keys(aggregate.events)));
  });

  it("takes every step as XState itself does, the first time and again", () => {
    let count = 0;
    const byValue = new Map(coverage.states.map((one) => [JSON.stringify(one.value), one]));
    for (const [index, state] of [...byValue.values()].entries()) {
      if (index % 4 > 0) continue;
      const snapshot = state as unknown as AnyMachineSnapshot;
      for (const event of coverage.events.values()) {
        const selected = arrowsTaken(state, event);
        if (selected.length === 0) continue;
        const [theirs] = transition(aggregate.machine, snapshot, event);
        // A copy of the event, so that nothing remembered of the first step serves the second.
        for (const ours of [step(snapshot, event), step(snapshot, { ...event })]) {
          expect(lookOf(ours)).toBe(lookOf(theirs));
        }
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(20);
  });

  it("has each guard that refuses say no", () => {
    for (const guard of Object.keys(aggregate.guards)) expect(coverage.guards).toContain(guard);
  });

  it("declares a region and a command for every arrow, and every event has its arrows", () => {
    for (const { event, commands, region } of arrows) {
      for (const name of commands) expect(Object.keys(aggregate.commands)).toContain(name);
      expect(aggregate.events[event]).toBeDefined();
      expect(Object.keys(aggregate.machine.states)).toContain(region);
    }
    for (const [type, { regions }] of Object.entries(aggregate.events)) {
      const own = new Set(arrows.filter(({ event }) => event === type).map((a) => a.region));
      for (const region of regions) expect(own).toContain(region);
    }
  });

  it("has no effect of its own: no invoke, timer, eventless, entry, exit, final or history", () => {
    const nodes: AnyStateNode[] = [aggregate.machine.root as AnyStateNode];
    for (const node of nodes) {
      nodes.push(...(Object.values(node.states) as AnyStateNode[]));
      const { invoke, after, always, entry, exit, type } = node;
      expect([...invoke, ...after, ...(always ?? []), ...entry, ...exit]).toEqual([]);
      expect(["atomic", "compound", "parallel"]).toContain(type);
      const actions = [...node.transitions.values()].flat().flatMap((arrow) => arrow.actions);
      for (const action of actions) expect(action).toHaveProperty("type", "xstate.assign");
    }
    expect(nodes.length).toBeGreaterThan(4);
  });
});
