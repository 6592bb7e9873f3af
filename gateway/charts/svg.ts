import type { ChartEdge, ChartGraph, ChartNode } from "../../machines/index.ts";
import type { ChartLayout, PlacedNode } from "./layout.ts";
import { labelText, linesOf, PADDING, TEXT, TITLE } from "./texts.ts";

/** What is lit in a drawing: the states that are active, and the events that may come next. */
export interface ChartLight {
  /** Dotted paths; a state's parents are lit with it. */
  readonly active: ReadonlySet<string>;
  /** Event types for which an arrow out of an active state is marked. */
  readonly possible: ReadonlySet<string>;
}

const MONOSPACE = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace';

const LIGHT = {
  ...{ ink: "#1f2933", line: "#7b8794", box: "#fff", page: "#f5f7fa" },
  ...{ on: "#ffe8a3", "on-line": "#b7791f", can: "#1d5fbf" },
};
const DARK = {
  ...{ ink: "#e4e7eb", line: "#8d9aa8", box: "#28323c", page: "#1a2129" },
  ...{ on: "#5c4610", "on-line": "#f0c040", can: "#7ab7ff" },
};

const STYLE = `
.chart{${coloursOf(LIGHT)};background:var(--page)}
@media (prefers-color-scheme:dark){.chart{${coloursOf(DARK)}}}
.chart text{font-family:${MONOSPACE};font-size:${String(TEXT.size)}px;fill:var(--ink)}
.chart .name{font-size:${String(TITLE.size)}px;font-weight:600}
.chart rect{fill:var(--box);stroke:var(--line)}
.chart .region>rect{fill:none;stroke-dasharray:6 4}
.chart .end{fill:none}
.chart .on>rect{fill:var(--on);stroke:var(--on-line);stroke-width:2}
.chart .region.on>rect{fill:none;stroke:var(--line);stroke-width:1}
.chart path{fill:none;stroke:var(--line)}
.chart .dot,.chart marker path{fill:var(--line);stroke:none}
.chart .can>path{stroke:var(--can);stroke-width:2}
.chart .can>.can{fill:var(--can);font-weight:600}
.chart .old text{opacity:.6}
`.trim();

const TIP =
  '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" ' +
  'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>';

function coloursOf(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

/** Draws a chart; with `light`, where an entity stands and what may happen to it next. */
export function drawChart(graph: ChartGraph, layout: ChartLayout, light?: ChartLight): string {
  const places = new Map(layout.nodes.map((place) => [place.id, place]));
  const size = `width="${String(layout.width)}" height="${String(layout.height)}"`;
  const box = `viewBox="0 0 ${String(layout.width)} ${String(layout.height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" ${size} ${box} role="img">`,
    `<title>Statechart of ${escaped(article(graph.id))}</title><style>${STYLE}</style>`,
    TIP,
    ...graph.nodes.map((node) => drawNode(node, places.get(node.id), light)),
    ...layout.initials.map(({ points }) => drawInitial(points)),
    ...graph.edges.map((edge) => drawEdge(edge, layout, light)),
    "</svg>\n",
  ].join("\n");
}

function article(name: string): string {
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

function drawNode(node: ChartNode, place: PlacedNode | undefined, light?: ChartLight): string {
  if (place === undefined) throw new Error(`${node.id} has no place: run npm run charts`);
  const { x, y, width, height } = place;
  const isOn = isLit(node.id, light);
  const classes = [node.parent === null ? "region" : "state", ...(isOn ? ["on"] : [])];
  const rect = (inset: number, more = ""): string => {
    const size = `width="${String(width - 2 * inset)}" height="${String(height - 2 * inset)}"`;
    return `<rect x="${String(x + inset)}" y="${String(y + inset)}" ${size} rx="6"${more}/>`;
  };
  const left = x + PADDING;
  const top = y + TITLE.line;
  const first = top + PADDING / 2 + TEXT.line - 3;
  const lines = linesOf(node).map((line, index) => textAt([left, first + index * TEXT.line], line));
  return [
    `<g class="${classes.join(" ")}" data-state="${escaped(node.id)}">`,
    rect(0),
    ...(node.isEnd ? [rect(3, ' class="end"')] : []),
    textAt([left, top], node.name, ' class="name"'),
    ...lines,
    "</g>",
  ].join("");
}

function isLit(id: string, light: ChartLight | undefined): boolean {
  if (light === undefined) return false;
  return [...light.active].some((active) => active === id || active.startsWith(`${id}.`));
}

function drawInitial(points: readonly (readonly number[])[]): string {
  const [[x = 0, y = 0] = []] = points;
  const dot = `<circle class="dot" cx="${String(x)}" cy="${String(y - 5)}" r="5"/>`;
  return `<g class="initial">${dot}${pathAlong(points)}</g>`;
}

function drawEdge(
  { from, to, labels }: ChartEdge,
  layout: ChartLayout,
  light?: ChartLight,
): string {
  const place = layout.edges.find((one) => one.from === from && one.to === to);
  if (place === undefined) throw new Error(`${from} > ${to} has no way: run npm run charts`);
  const isOpen = isLit(from, light);
  const can = labels.map(({ event }) => isOpen && light?.possible.has(event) === true);
  const classes = ["edge", ...(can.includes(true) ? ["can"] : [])];
  if (labels.every(({ isLegacy }) => isLegacy)) classes.push("old");
  const texts = labels.map((label, index) => {
    const y = place.label.y + index * TEXT.line + TEXT.line - 4;
    return textAt([place.label.x + 2, y], labelText(label), can[index] ? ' class="can"' : "");
  });
  const data = `data-from="${escaped(from)}" data-to="${escaped(to)}"`;
  return `<g class="${classes.join(" ")}" ${data}>${pathAlong(place.points)}${texts.join("")}</g>`;
}

function pathAlong(points: readonly (readonly number[])[]): string {
  const way = points.map(([x = 0, y = 0]) => `${String(x)} ${String(y)}`).join("L");
  return `<path d="M${way}" marker-end="url(#tip)"/>`;
}

function textAt([x, y]: readonly [x: number, y: number], text: string, more = ""): string {
  return `<text x="${String(x)}" y="${String(y)}"${more}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${String(char.charCodeAt(0))};`);
}
