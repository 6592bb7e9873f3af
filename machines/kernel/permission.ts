import type { AnyMachineSnapshot, StateValue } from "xstate";
import type { Aggregate, Caller, EntityState } from "./aggregate.ts";
import { activeStates } from "./chart-graph.ts";
import { definitionOf } from "./define.ts";
import { refuse } from "./refusal.ts";
import type { Objection, Refusal } from "./refusal.ts";
import { allArrows, openArrows, snapshotOf } from "./statechart.ts";
import type { Arrow } from "./statechart.ts";

/** One command as an API shows it: possible now, or the reason why not. */
export interface CommandPermission {
  readonly command: string;
  readonly allowed: boolean;
  readonly reason: Refusal | null;
}

/** Every command that is not internal, with `allowed` or the reason why not. */
export function allowedCommands(
  aggregate: Aggregate,
  state: EntityState,
  caller: Caller,
): readonly CommandPermission[] {
  const snapshot = snapshotOf(aggregate.machine, state);
  const objections = publicObjections(aggregate, snapshot, caller);
  const allowed = namesWithout(objections);
  return [...objections].map(([command, objection]) => ({
    command,
    allowed: objection === null,
    reason: objection && refusalOf(objection, { command, snapshot, allowed }),
  }));
}

/** An objection with where the entity stands and what is possible instead. */
export function explain(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  { command, caller, objection }: { command: string; caller: Caller; objection: Objection },
): Refusal {
  const allowed = namesWithout(publicObjections(aggregate, snapshot, caller));
  return refusalOf(objection, { command, snapshot, allowed });
}

/**
 * What speaks against a command whatever its data says, in this order: it does not exist for the
 * caller, the caller may not send it, the statechart has no arrow for it, the rule's own objection.
 */
export function standingObjection(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  asked: { command: string; caller: Caller },
): Objection | null {
  return standing(aggregate, snapshot, { ...asked, stance: stanceOf(aggregate, snapshot) });
}

function publicObjections(aggregate: Aggregate, snapshot: AnyMachineSnapshot, caller: Caller) {
  const stance = stanceOf(aggregate, snapshot);
  const objections = new Map<string, Objection | null>();
  for (const [command, { scopes }] of Object.entries(aggregate.commands)) {
    if (scopes.every((scope) => scope === "internal")) continue;
    objections.set(command, standing(aggregate, snapshot, { command, caller, stance }));
  }
  return objections;
}

function standing(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  { command, caller, stance }: { command: string; caller: Caller; stance: Stance },
): Objection | null {
  const definition = definitionOf(aggregate.commands, command);
  if (definition === undefined) return refuse("UNKNOWN_COMMAND", `There is no ${command}.`);
  const exists = aggregate.exists(snapshot);
  const isHidden = exists ? !aggregate.isVisibleTo(snapshot, caller) : !definition.creates;
  if (isHidden) return refuse("NOT_FOUND", `There is no such ${aggregate.name}.`);
  if (!definition.scopes.includes(caller.scope)) {
    return refuse("FORBIDDEN", `${command} is not open to the scope ${caller.scope}.`);
  }
  const names = definition.alias?.of ?? [command];
  if (!definition.isAnswer && !names.some((name) => stance.possible.has(name))) {
    return definition.impossible(snapshot) ?? invalidTransition(aggregate, snapshot, command);
  }
  return definition.objection(snapshot);
}

/** What a state's value alone says, whatever the context. */
interface Stance {
  /** The commands of which some event has an arrow in every region that must take it. */
  readonly possible: ReadonlySet<string>;
  /** What is said against the others, as far as it was asked for. */
  readonly impossible: Map<string, Objection>;
}

const stancesByAggregate = new WeakMap<Aggregate, Map<string, Stance>>();

/** A chart has few values, and every command asks for its state's stance: so it is kept. */
function stanceOf(aggregate: Aggregate, snapshot: AnyMachineSnapshot): Stance {
  const stances = stancesByAggregate.get(aggregate) ?? new Map<string, Stance>();
  stancesByAggregate.set(aggregate, stances);
  const key = JSON.stringify(snapshot.value);
  const known = stances.get(key);
  if (known !== undefined) return known;
  const open = openArrows(snapshot);
  const names = Object.keys(aggregate.commands).filter((name) => isPossible(aggregate, name, open));
  const stance = { possible: new Set(names), impossible: new Map<string, Objection>() };
  stances.set(key, stance);
  return stance;
}

/** Whether some event of the command has an arrow of its own in every region that must take it. */
function isPossible(aggregate: Aggregate, command: string, open: readonly Arrow[]): boolean {
  const mine = open.filter((arrow) => arrow.commands.includes(command));
  return mine.some(({ event }) =>
    aggregate.events[event]?.regions.every((region) =>
      mine.some((arrow) => arrow.event === event && arrow.region === region),
    ),
  );
}

/** The objection of a state that has no arrow for a command, with the states that have one. */
export function invalidTransition(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  command: string,
): Objection {
  const { impossible } = stanceOf(aggregate, snapshot);
  const known = impossible.get(command);
  if (known !== undefined) return known;
  const allowedIn = allowingStates(aggregate, command);
  const sentence = `${command} ${needOf(allowedIn, snapshot)}.`;
  const objection = refuse("INVALID_TRANSITION", sentence, { allowedIn });
  impossible.set(command, objection);
  return objection;
}

/** What a command waits for, region by region: only those that stand elsewhere now are named. */
function needOf(allowedIn: readonly string[], snapshot: AnyMachineSnapshot): string {
  const active = activeStates(snapshot.value as StateValue);
  const needs = active.flatMap((now) => {
    const region = `${now.split(".", 1)[0] ?? ""}.`;
    const states = allowedIn.filter((state) => state.startsWith(region));
    const isThere = states.some((state) => `${now}.`.startsWith(`${state}.`));
    if (states.length === 0 || isThere) return [];
    const [name, ...names] = [now, ...states].map((state) => state.slice(region.length));
    return [`${region.slice(0, -1)} to be ${oneOf(names)}, and it is ${name ?? ""}`];
  });
  if (needs.length > 0) return `needs ${needs.join("; and ")}`;
  return `is not possible while the states are ${active.join(", ")}`;
}

function oneOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

const allowingByAggregate = new WeakMap<Aggregate, Map<string, readonly string[]>>();

/** The states with an arrow of a command; asked for every refused command, so it is kept. */
function allowingStates(aggregate: Aggregate, command: string): readonly string[] {
  const byCommand = allowingByAggregate.get(aggregate) ?? new Map<string, readonly string[]>();
  allowingByAggregate.set(aggregate, byCommand);
  const known = byCommand.get(command);
  if (known !== undefined) return known;
  const names = definitionOf(aggregate.commands, command)?.alias?.of ?? [command];
  const allowing = allArrows(aggregate.machine).filter(
    (arrow) =>
      arrow.commands.some((name) => names.includes(name)) &&
      aggregate.events[arrow.event]?.regions.includes(arrow.region),
  );
  const states = [...new Set(allowing.map((arrow) => arrow.state))];
  byCommand.set(command, states);
  return states;
}

function namesWithout(objections: ReadonlyMap<string, Objection | null>): readonly string[] {
  return [...objections].filter(([, objection]) => objection === null).map(([name]) => name);
}

/** A caller who may not know of the entity learns neither its state nor what it would allow. */
function refusalOf(
  objection: Objection,
  at: { command: string; snapshot: AnyMachineSnapshot; allowed: readonly string[] },
): Refusal {
  const isHidden = objection.code === "NOT_FOUND";
  return {
    ...objection,
    command: at.command,
    state: isHidden ? null : (at.snapshot.value as StateValue),
    allowedCommands: isHidden ? [] : at.allowed,
  };
}
