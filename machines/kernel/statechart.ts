/**
 * Knows, with `chart-graph.ts` and `configuration.ts`, XState's inner shapes: the actor scope that
 * `machine.transition` wants, state nodes, selected transitions. It folds events through a
 * statechart without making an actor per event, and says which regions take an event. It never
 * decides anything. If an XState release changes those shapes, these three files and their tests
 * are all there is to change.
 */
import { createActor, getNextTransitions } from "xstate";
import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
} from "xstate";
import type { DomainEvent, EntityState } from "./aggregate.ts";
import { onceFor, stepAlong } from "./configuration.ts";

/** One arrow of a chart, as data. `state` is the dotted path of its source, region first. */
export interface Arrow {
  readonly event: string;
  readonly region: string;
  readonly state: string;
  /** The commands that lead to it; none for an event that only follows on others. */
  readonly commands: readonly string[];
  readonly guard: string | undefined;
  readonly isLegacy: boolean;
}

/** A deadline of a state: the command that is due at the moment which a context field tells. */
export interface StateTimer {
  readonly id: string;
  readonly command: string;
  /** Dotted path of an ISO 8601 text in the context; null there = no deadline. */
  readonly due: string;
}

/** What a chart may note on a transition (`command`) and on a state (`timers`). */
export interface StatechartMeta {
  readonly command?: string | readonly string[];
  /** An arrow for stored events only: nothing leads to it any more. */
  readonly isLegacy?: boolean;
  readonly timers?: readonly StateTimer[];
}

type InertScope = Parameters<AnyStateMachine["transition"]>[2];

/**
 * `transition()` of XState builds a throw-away actor on every call, half of its time. An aggregate
 * has no effects (tests/machines/statecharts.test.ts), so one inert scope per machine serves all.
 */
const scopes = new WeakMap<AnyStateMachine, InertScope>();

function inertScope(machine: AnyStateMachine): InertScope {
  const known = scopes.get(machine);
  if (known !== undefined) return known;
  const self = createActor(machine);
  const nothing = (): void => undefined;
  const scope: InertScope = {
    self,
    system: self.system,
    id: "",
    sessionId: "",
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: nothing,
  };
  scopes.set(machine, scope);
  return scope;
}

/** The snapshot before the first event. */
export function startSnapshot(machine: AnyStateMachine): AnyMachineSnapshot {
  return machine.getInitialSnapshot(inertScope(machine));
}

/** A stored state that the statechart of today does not have: fold the events instead. */
class StateFault extends Error {
  readonly code = "STATE_UNKNOWN";
}

/** A snapshot as it is, or one resolved from stored JSON; throws `STATE_UNKNOWN`. */
export function snapshotOf(machine: AnyStateMachine, state: EntityState): AnyMachineSnapshot {
  if ("machine" in state && state.machine === machine) return state as AnyMachineSnapshot;
  try {
    return machine.resolveState({ value: state.value, context: state.context });
  } catch (cause) {
    throw new StateFault(`${machine.id} has no state ${JSON.stringify(state.value)}`, { cause });
  }
}

/** The snapshot after an event that `takenBy` has found acceptable. */
export function step(snapshot: AnyMachineSnapshot, event: DomainEvent): AnyMachineSnapshot {
  const machine = snapshot.machine as AnyStateMachine;
  const selected = selectedBy(snapshot, event);
  return stepAlong({ snapshot, event, selected }, () =>
    machine.transition(snapshot, event, inertScope(machine)),
  );
}

/** The regions that have an enabled transition for the event, guards included. */
export function takenBy(snapshot: AnyMachineSnapshot, event: DomainEvent): ReadonlySet<string> {
  return new Set(selectedBy(snapshot, event).map(({ source }) => regionOf(source)));
}

interface Selection {
  readonly snapshot: AnyMachineSnapshot;
  readonly event: DomainEvent;
  readonly selected: readonly AnyTransitionDefinition[];
}

/** An event is first found acceptable and then taken, so the last selection is asked for twice. */
let lastSelection: Selection | null = null;

function selectedBy(
  snapshot: AnyMachineSnapshot,
  event: DomainEvent,
): readonly AnyTransitionDefinition[] {
  const last = lastSelection;
  if (last?.snapshot === snapshot && last.event === event) return last.selected;
  const machine = snapshot.machine as AnyStateMachine;
  const selected = machine.getTransitionData(snapshot, event) as AnyTransitionDefinition[];
  lastSelection = { snapshot, event, selected };
  return selected;
}

/** The arrows that leave the active states, guards not asked. */
export function openArrows(snapshot: AnyMachineSnapshot): readonly Arrow[] {
  return onceFor(snapshot, arrowsOut);
}

function arrowsOut(snapshot: AnyMachineSnapshot): readonly Arrow[] {
  return getNextTransitions(snapshot).map(arrowOf);
}

const arrowsByMachine = new WeakMap<AnyStateMachine, readonly Arrow[]>();

/** Every arrow of a chart, in document order. */
export function allArrows(machine: AnyStateMachine): readonly Arrow[] {
  const known = arrowsByMachine.get(machine);
  if (known !== undefined) return known;
  const arrows = arrowsBelow(machine.root as AnyStateNode);
  arrowsByMachine.set(machine, arrows);
  return arrows;
}

function arrowsBelow(node: AnyStateNode): readonly Arrow[] {
  const own = [...node.transitions.values()].flat().map(arrowOf);
  const children = Object.values(node.states) as AnyStateNode[];
  return [...own, ...children.flatMap(arrowsBelow)];
}

/** A transition of a state node as data. */
export function arrowOf(transition: AnyTransitionDefinition): Arrow {
  const { command, isLegacy = false } = (transition.meta ?? {}) as StatechartMeta;
  return {
    event: transition.eventType as string,
    region: regionOf(transition.source),
    state: (transition.source as AnyStateNode).path.join("."),
    commands: command === undefined ? [] : typeof command === "string" ? [command] : command,
    guard: guardName(transition.guard),
    isLegacy,
  };
}

/** A transition at the root belongs to no region and satisfies none. */
function regionOf(source: unknown): string {
  return (source as AnyStateNode).path[0] ?? "";
}

function guardName(guard: unknown): string | undefined {
  if (guard === undefined) return undefined;
  if (typeof guard === "string") return guard;
  if (typeof guard === "function") return guard.name;
  return (guard as { readonly type: string }).type;
}

type ActiveTimer = StateTimer & { readonly state: string };

/** The deadlines of the states that are active, each with the dotted path of its state. */
export function stateTimers(snapshot: AnyMachineSnapshot): readonly ActiveTimer[] {
  return onceFor(snapshot, timersNoted);
}

function timersNoted(snapshot: AnyMachineSnapshot): readonly ActiveTimer[] {
  const meta = snapshot.getMeta() as Readonly<Record<string, StatechartMeta | undefined>>;
  return Object.entries(meta).flatMap(([state, note]) =>
    (note?.timers ?? []).map((timer) => ({ ...timer, state })),
  );
}
