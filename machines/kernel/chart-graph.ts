/**
 * A statechart as data to draw: its states in document order, the arrows between them, and the
 * definition that `createMachine` and Stately Studio take. Beside `statechart.ts` the only file
 * that reads XState's state nodes.
 */
import type { AnyStateMachine, AnyStateNode, StateValue } from "xstate";
import type { Arrow, StatechartMeta, StateTimer } from "./statechart.ts";
import { arrowOf } from "./statechart.ts";

/** What may happen at an arrow: the event, the guard that must hold, the commands that ask. */
export type ChartLabel = Pick<Arrow, "event" | "guard" | "commands" | "isLegacy">;

/** One state, or one region of a parallel chart (a node without parent). */
export interface ChartNode {
  /** Dotted path, region first: `payment.authorising.asked`. */
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly isInitial: boolean;
  /** Nothing leads out of it. */
  readonly isEnd: boolean;
  readonly timers: readonly StateTimer[];
  /** What is taken without leaving the state. */
  readonly inside: readonly ChartLabel[];
}

/** All that leads from one state to another, as one arrow with a label for each event. */
export interface ChartEdge {
  readonly from: string;
  readonly to: string;
  readonly labels: readonly ChartLabel[];
}

export interface ChartGraph {
  readonly id: string;
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
}

/** The graph of a parallel chart. Equal machines give equal graphs. */
export function chartGraph(machine: AnyStateMachine): ChartGraph {
  const edges = new Map<string, { from: string; to: string; labels: ChartLabel[] }>();
  const nodes = below(machine.root as AnyStateNode).map((node) => {
    const inside: ChartLabel[] = [];
    for (const transition of [...node.transitions.values()].flat()) {
      const [target] = (transition.target ?? []) as AnyStateNode[];
      const { event, guard, commands, isLegacy } = arrowOf(transition);
      const label = { event, guard, commands, isLegacy };
      if (target === undefined) {
        inside.push(label);
        continue;
      }
      const [from, to] = [pathOf(node), pathOf(target)];
      const edge = edges.get(`${from}>${to}`) ?? { from, to, labels: [] };
      edge.labels.push(label);
      edges.set(`${from}>${to}`, edge);
    }
    return { node, inside };
  });
  const leaving = [...edges.values()].map(({ from }) => from);
  return {
    id: machine.id,
    nodes: nodes.map(({ node, inside }) => toNode(node, inside, leaving)),
    edges: [...edges.values()],
  };
}

function toNode(
  node: AnyStateNode,
  inside: readonly ChartLabel[],
  leaving: readonly string[],
): ChartNode {
  const id = pathOf(node);
  const parent = node.path.length > 1 ? node.path.slice(0, -1).join(".") : null;
  const first = (node.parent?.initial as { target?: readonly AnyStateNode[] } | undefined)?.target;
  const isState = parent !== null && Object.keys(node.states).length === 0;
  const goesOn = leaving.some((from) => id === from || id.startsWith(`${from}.`));
  return {
    id,
    name: node.key,
    parent,
    isInitial: first?.includes(node) ?? false,
    isEnd: isState && !goesOn,
    timers: (node.meta as StatechartMeta | undefined)?.timers ?? [],
    inside,
  };
}

function below(node: AnyStateNode): AnyStateNode[] {
  const children = Object.values(node.states) as AnyStateNode[];
  return children.flatMap((child) => [child, ...below(child)]);
}

function pathOf(node: AnyStateNode): string {
  return node.path.join(".");
}

/**
 * The chart as JSON for `createMachine` and Stately Studio: guards and actions by name, so that it
 * shows all and decides nothing by itself.
 */
export function chartDefinition(machine: AnyStateMachine): object {
  const { id, type, states } = machine.config as { id: string; type: string; states: object };
  return JSON.parse(JSON.stringify({ id, type, states }, byName)) as object;
}

/** Functions, and the objects that XState makes of actions, under the name that a reader knows. */
function byName(key: string, value: unknown): unknown {
  if (typeof value !== "function") return value;
  return key === "actions" || /^\d+$/.test(key) ? { type: "fold" } : { type: value.name };
}

/** The states that a state value stands for, as dotted paths of the innermost ones. */
export function activeStates(value: StateValue): readonly string[] {
  if (typeof value === "string") return [value];
  return Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined ? [] : activeStates(inner).map((path) => `${name}.${path}`),
  );
}
