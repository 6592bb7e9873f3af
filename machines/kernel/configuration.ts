/**
 * What a statechart looks like at one set of active states is the same for every entity that
 * stands there, so it is worked out once: the arrows that are open, the deadlines, and where each
 * choice of arrows leads. XState itself takes each way once; later the next snapshot is its result
 * with the context folded anew, a tenth of the cost. Beside `statechart.ts` and `chart-graph.ts`
 * the only file that knows XState's inner shapes; tests/machines/statecharts.test.ts compares every
 * step with XState's own.
 */
import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
} from "xstate";
import type { DomainEvent } from "./aggregate.ts";

type Assignment = (
  of: { readonly context: object; readonly event: DomainEvent },
  params: undefined,
) => object;

/** Where some arrows lead from a configuration, and what they write into the context. */
interface Way {
  readonly selected: readonly AnyTransitionDefinition[];
  /** Null where XState has to be asked each time. */
  readonly taken: { readonly after: AnyMachineSnapshot; readonly writes: Assignment[] } | null;
}

/** A set of active states, with what is known of it so far. */
export interface Configuration {
  readonly ways: Map<AnyTransitionDefinition | undefined, Way[]>;
  /** Results of `onceFor`, by what computes them. */
  readonly facts: Map<unknown, unknown>;
}

/** Far more than any chart of ours reaches; past it everything is learned anew. */
const CONFIGURATIONS_MAX = 20_000;

const byNodes = new WeakMap<readonly AnyStateNode[], Configuration>();
const byMachine = new WeakMap<AnyStateMachine, Map<string, Configuration>>();

/** The configuration of a snapshot: one object for all snapshots with the same active states. */
function configurationOf({ _nodes, machine }: AnyMachineSnapshot): Configuration {
  const known = byNodes.get(_nodes);
  if (known !== undefined) return known;
  const table = byMachine.get(machine as AnyStateMachine) ?? new Map<string, Configuration>();
  byMachine.set(machine as AnyStateMachine, table);
  if (table.size >= CONFIGURATIONS_MAX) table.clear();
  const key = _nodes.map(({ order }) => order).sort((left, right) => left - right);
  const configuration = table.get(key.join()) ?? { ways: new Map(), facts: new Map() };
  table.set(key.join(), configuration);
  byNodes.set(_nodes, configuration);
  return configuration;
}

/** A fact about the active states alone, worked out at the first snapshot that is asked. */
export function onceFor<Fact>(
  snapshot: AnyMachineSnapshot,
  workOut: (snapshot: AnyMachineSnapshot) => Fact,
): Fact {
  const { facts } = configurationOf(snapshot);
  const known = facts.get(workOut) as Fact | undefined;
  if (known !== undefined) return known;
  const fact = workOut(snapshot);
  facts.set(workOut, fact);
  return fact;
}

/** One step that XState would take, by arrows that are selected already. */
export interface SelectedStep {
  readonly snapshot: AnyMachineSnapshot;
  readonly event: DomainEvent;
  readonly selected: readonly AnyTransitionDefinition[];
}

/** The snapshot after a step; `take` asks XState, which happens once for each way. */
export function stepAlong(step: SelectedStep, take: () => AnyMachineSnapshot): AnyMachineSnapshot {
  const { snapshot, event, selected } = step;
  const [first] = selected;
  const { ways } = configurationOf(snapshot);
  const way = ways.get(first)?.find((one) => isSame(one.selected, selected));
  if (way === undefined) {
    const after = take();
    const others = ways.get(first) ?? [];
    ways.set(first, [...others, { selected, taken: learned(step, after) }]);
    return after;
  }
  if (way.taken === null) return take();
  const context = written(snapshot.context as object, event, way.taken.writes);
  return { ...way.taken.after, context } as AnyMachineSnapshot;
}

function isSame(
  left: readonly AnyTransitionDefinition[],
  right: readonly AnyTransitionDefinition[],
): boolean {
  return left.length === right.length && left.every((one, index) => one === right[index]);
}

function written(context: object, event: DomainEvent, writes: readonly Assignment[]): object {
  let next = context;
  for (const write of writes) next = { ...next, ...write({ context: next, event }, undefined) };
  return next;
}

/** What XState did, if it was nothing but assignments, and ours come to the same. */
function learned({ snapshot, event, selected }: SelectedStep, after: AnyMachineSnapshot) {
  if (selected.length === 0 || !isPlain(snapshot.machine as AnyStateMachine)) return null;
  const writes: Assignment[] = [];
  for (const action of selected.flatMap(({ actions }) => actions)) {
    const { type, assignment } = action as { type?: unknown; assignment?: unknown };
    if (type !== "xstate.assign" || typeof assignment !== "function") return null;
    writes.push(assignment as Assignment);
  }
  const ours = written(snapshot.context as object, event, writes);
  return JSON.stringify(ours) === JSON.stringify(after.context) ? { after, writes } : null;
}

const plainMachines = new WeakMap<AnyStateMachine, boolean>();

/** Whether events alone move the chart: no effect, no eventless arrow, no end, no history. */
function isPlain(machine: AnyStateMachine): boolean {
  const known = plainMachines.get(machine);
  if (known !== undefined) return known;
  const isBelow = (node: AnyStateNode): boolean =>
    [...node.invoke, ...(node.always ?? []), ...node.entry, ...node.exit].length === 0 &&
    ["atomic", "compound", "parallel"].includes(node.type) &&
    (Object.values(node.states) as AnyStateNode[]).every(isBelow);
  const isAll = isBelow(machine.root as AnyStateNode);
  plainMachines.set(machine, isAll);
  return isAll;
}
