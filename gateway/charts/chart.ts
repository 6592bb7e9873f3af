import { aggregates, activeStates, chartDefinition, chartGraph } from "../../machines/index.ts";
import type { AggregateName, ChartGraph, CommandPermission } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { chartLayouts } from "./layout.ts";
import { mermaidChart } from "./mermaid.ts";
import { drawChart } from "./svg.ts";
import type { ChartLight } from "./svg.ts";

/**
 * How a chart can be had: `json` for `createMachine` and Stately Studio, `svg` to look at, `mmd`
 * for Mermaid, `drawing.json` for a program that draws it itself (graph and layout).
 */
export type ChartFormat = "json" | "svg" | "mmd" | "drawing.json";

const graphs = new Map<AggregateName, ChartGraph>();

function graphOf(name: AggregateName): ChartGraph {
  const graph = graphs.get(name) ?? chartGraph(aggregates[name].machine);
  graphs.set(name, graph);
  return graph;
}

/** The statechart of one kind of entity; where `light` is given, with what it lights. */
export function chartText(name: AggregateName, format: ChartFormat, light?: ChartLight): string {
  const graph = graphOf(name);
  switch (format) {
    case "json":
      return JSON.stringify(chartDefinition(aggregates[name].machine));
    case "svg":
      return drawChart(graph, chartLayouts[name], light);
    case "mmd":
      return mermaidChart(graph, light);
    case "drawing.json":
      return JSON.stringify({ graph, layout: chartLayouts[name] });
  }
}

/** Where an entity stands, and what the given commands may bring next. */
export function lightOf(
  name: AggregateName,
  { state }: EntityView,
  permissions: readonly CommandPermission[],
): ChartLight {
  const allowed = new Set(permissions.filter((one) => one.allowed).map(({ command }) => command));
  const labels = graphOf(name).edges.flatMap((edge) => edge.labels);
  const open = labels.filter(({ commands }) => commands.some((command) => allowed.has(command)));
  return {
    active: new Set(activeStates(state.value)),
    possible: new Set(open.map(({ event }) => event)),
  };
}
