import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import { boxOf, labelText, PADDING, TEXT } from "../gateway/index.ts";
import type { ChartLayout } from "../gateway/index.ts";
import type { ChartEdge, ChartGraph, ChartNode } from "../machines/index.ts";

/** elkjs is a CommonJS class whose type file claims an ES default export. */
const Elk = createRequire(import.meta.url)("elkjs") as new () => ELK;

const DOT = 10;
const GAP = 24;
/** Regions stand side by side until a row is this wide. */
const ROW_WIDTH = 2_200;

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeLabel": "4",
  "elk.layered.spacing.nodeNodeBetweenLayers": "34",
  "elk.layered.spacing.edgeNodeBetweenLayers": "16",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
  "elk.edgeLabels.inline": "false",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
};

/** Names the graph that a layout was made of. */
export function graphHash(graph: ChartGraph): string {
  return createHash("sha256").update(JSON.stringify(graph)).digest("hex");
}

/** Lays every region out by elk, then sets the regions beside one another, row by row. */
export async function layOut(graph: ChartGraph): Promise<ChartLayout> {
  const parts: Part[] = [];
  for (const region of graph.nodes.filter(({ parent }) => parent === null)) {
    parts.push(await layOutRegion(graph, region));
  }
  const { places, width, height } = inRows(parts);
  const moved = parts.map((part, index) => shifted(part, places[index] ?? { x: 0, y: 0 }));
  return {
    hash: graphHash(graph),
    width,
    height,
    nodes: moved.flatMap(({ nodes }) => nodes),
    edges: moved.flatMap(({ edges }) => edges),
    initials: moved.flatMap(({ initials }) => initials),
  };
}

type Part = Omit<ChartLayout, "hash">;

async function layOutRegion(graph: ChartGraph, region: ChartNode): Promise<Part> {
  const isInside = (id: string): boolean => id === region.id || id.startsWith(`${region.id}.`);
  const root: ElkNode = { ...toElk(graph, region), layoutOptions: optionsOf(region) };
  root.edges = [
    ...graph.edges.filter(({ from }) => isInside(from)).map(toElkEdge),
    ...graph.nodes
      .filter(({ id, isInitial }) => isInitial && isInside(id))
      .map(({ id }) => ({ id: `dot>${id}`, sources: [`dot:${id}`], targets: [id] })),
  ];
  const laidOut = await new Elk().layout(root);
  const edges = laidOut.edges ?? [];
  return {
    width: rounded(laidOut.width),
    height: rounded(laidOut.height),
    nodes: placedNodes(laidOut),
    edges: edges.filter(({ id }) => !id.startsWith("dot>")).map(placedEdge),
    initials: edges
      .filter(({ id }) => id.startsWith("dot>"))
      .map((edge) => ({ to: edge.targets[0] ?? "", points: pointsOf(edge) })),
  };
}

function optionsOf(node: ChartNode): Record<string, string> {
  const top = boxOf(node).height + PADDING;
  const side = 2 * PADDING;
  const sides = { top, left: side, bottom: side, right: side };
  const padding = Object.entries(sides).map(([name, size]) => `${name}=${String(size)}`);
  return { ...options, "elk.padding": `[${padding.join(",")}]` };
}

function toElk(graph: ChartGraph, node: ChartNode): ElkNode {
  const inner = graph.nodes.filter(({ parent }) => parent === node.id);
  const box = boxOf(node);
  if (inner.length === 0) return { id: node.id, ...box };
  const dots = inner
    .filter(({ isInitial }) => isInitial)
    .map(({ id }) => ({
      id: `dot:${id}`,
      width: DOT,
      height: DOT,
      layoutOptions: { "elk.layered.layering.layerConstraint": "FIRST" },
    }));
  const children = [...dots, ...inner.map((child) => toElk(graph, child))];
  const layoutOptions = {
    ...optionsOf(node),
    "elk.nodeSize.constraints": "MINIMUM_SIZE",
    "elk.nodeSize.minimum": `(${String(box.width)},${String(box.height)})`,
  };
  return { id: node.id, children, layoutOptions };
}

function toElkEdge({ from, to, labels }: ChartEdge): ElkExtendedEdge {
  const texts = labels.map(labelText);
  const width = Math.ceil(Math.max(...texts.map(({ length }) => length)) * TEXT.advance) + 4;
  const label = { id: `label:${from}>${to}`, text: texts.join("\n"), width };
  const height = texts.length * TEXT.line;
  return {
    id: `${from}>${to}`,
    sources: [from],
    targets: [to],
    labels: [{ ...label, height }],
  };
}

function placedNodes(node: ElkNode): Part["nodes"] {
  const { id, x = 0, y = 0, width = 0, height = 0 } = node;
  const own = { id, x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
  const inner = (node.children ?? []).filter((child) => !child.id.startsWith("dot:"));
  return [own, ...inner.flatMap(placedNodes)];
}

function placedEdge(edge: ElkExtendedEdge): Part["edges"][number] {
  const [label] = edge.labels ?? [];
  return {
    from: edge.sources[0] ?? "",
    to: edge.targets[0] ?? "",
    points: pointsOf(edge),
    label: { x: rounded(label?.x), y: rounded(label?.y) },
  };
}

function pointsOf(edge: ElkExtendedEdge): number[][] {
  return (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].map(({ x, y }) => [rounded(x), rounded(y)]),
  );
}

function rounded(value = 0): number {
  return Math.round(value * 10) / 10;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A part stands below the one before it where the row is high enough, else beside it. */
function inRows(parts: readonly Part[]): { places: Place[]; width: number; height: number } {
  const places: Place[] = [];
  const row = { x: GAP, y: GAP, height: 0 };
  const column = { width: 0, height: 0 };
  let widest = 0;
  for (const { width, height } of parts) {
    if (column.height > 0 && column.height + GAP + height > row.height) {
      row.x += column.width + GAP;
      Object.assign(column, { width: 0, height: 0 });
    }
    if (row.x > GAP && row.x + width > ROW_WIDTH) {
      Object.assign(row, { x: GAP, y: row.y + row.height + GAP, height: 0 });
    }
    const below = column.height === 0 ? 0 : column.height + GAP;
    places.push({ x: row.x, y: row.y + below });
    column.width = Math.max(column.width, width);
    column.height = below + height;
    row.height = Math.max(row.height, column.height);
    widest = Math.max(widest, row.x + width + GAP);
  }
  return { places, width: rounded(widest), height: rounded(row.y + row.height + GAP) };
}

function shifted(part: Part, { x: dx, y: dy }: Place): Part {
  const move = <Item extends Place>(item: Item): Item => ({
    ...item,
    x: rounded(item.x + dx),
    y: rounded(item.y + dy),
  });
  const along = (points: Part["edges"][number]["points"]): number[][] =>
    points.map(([x = 0, y = 0]) => [rounded(x + dx), rounded(y + dy)]);
  return {
    ...part,
    nodes: part.nodes.map(move),
    edges: part.edges.map((edge) => ({
      ...edge,
      points: along(edge.points),
      label: move(edge.label),
    })),
    initials: part.initials.map(({ to, points }) => ({ to, points: along(points) })),
  };
}
