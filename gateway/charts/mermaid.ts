import type { ChartGraph, ChartNode } from "../../machines/index.ts";
import type { ChartLight } from "./svg.ts";
import { labelText } from "./texts.ts";

/** Writes a chart as a Mermaid state diagram; with `light`, its active states are coloured. */
export function mermaidChart(graph: ChartGraph, light?: ChartLight): string {
  const regions = graph.nodes.filter(({ parent }) => parent === null);
  const blocks = regions.map((region) => block(graph, region, "    ").join("\n"));
  const active = [...(light?.active ?? [])].map(nameOf);
  return [
    "stateDiagram-v2",
    ...(active.length === 0 ? [] : ["  classDef on fill:#ffe8a3,stroke:#b7791f,color:#1f2933"]),
    `  state ${graph.id} {`,
    blocks.join("\n    --\n"),
    "  }",
    ...active.map((name) => `  class ${name} on`),
    "",
  ].join("\n");
}

/** A state with all that is in it, and the arrows that leave the states in it. */
function block(graph: ChartGraph, node: ChartNode, indent: string): string[] {
  const inner = graph.nodes.filter(({ parent }) => parent === node.id);
  const title = `${indent}state "${node.name}" as ${nameOf(node.id)}`;
  if (inner.length === 0) return [title];
  const deeper = `${indent}  `;
  return [
    `${title} {`,
    ...inner.filter(({ isInitial }) => isInitial).map(({ id }) => `${deeper}[*] --> ${nameOf(id)}`),
    ...inner.flatMap((child) => block(graph, child, deeper)),
    ...graph.edges
      .filter(({ from }) => inner.some(({ id }) => id === from))
      .flatMap(({ from, to, labels }) =>
        labels.map((label) => `${deeper}${nameOf(from)} --> ${nameOf(to)} : ${labelText(label)}`),
      ),
    `${indent}}`,
  ];
}

/** A dotted path as a name that Mermaid takes. */
function nameOf(path: string): string {
  return path.replaceAll(".", "_");
}
