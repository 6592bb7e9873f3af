import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { graphHash } from "../cli/chart-layout.ts";
import { chartText } from "../gateway/index.ts";
import { chartLayouts } from "../gateway/charts/layout.ts";
import { labelText } from "../gateway/charts/texts.ts";
import { aggregates, chartGraph } from "../machines/index.ts";
import type { AggregateName } from "../machines/index.ts";

const names: readonly AggregateName[] = ["order", "product"];

describe.each(names)("the drawing of %s", (name) => {
  const graph = chartGraph(aggregates[name].machine);
  const layout = chartLayouts[name];

  test("is laid out for the machine as it is now (npm run charts makes it anew)", () => {
    expect(layout.hash).toBe(graphHash(graph));
  });

  test("keeps every state inside its parent and apart from its neighbours", () => {
    const places = new Map(layout.nodes.map((place) => [place.id, place]));
    const placeOf = (id: string) => places.get(id) ?? expect.fail(`${id} has no place`);
    for (const { id, parent } of graph.nodes) {
      const own = placeOf(id);
      const outer =
        parent === null
          ? { x: 0, y: 0, width: layout.width, height: layout.height }
          : placeOf(parent);
      expect(own.x).toBeGreaterThanOrEqual(outer.x);
      expect(own.y).toBeGreaterThanOrEqual(outer.y);
      expect(own.x + own.width).toBeLessThanOrEqual(outer.x + outer.width);
      expect(own.y + own.height).toBeLessThanOrEqual(outer.y + outer.height);
      for (const other of graph.nodes.filter((one) => one.parent === parent && one.id !== id)) {
        const { x, y, width, height } = placeOf(other.id);
        const isApart =
          own.x + own.width <= x ||
          x + width <= own.x ||
          own.y + own.height <= y ||
          y + height <= own.y;
        expect(isApart, `${id} lies over ${other.id}`).toBe(true);
      }
    }
  });

  test("is the picture in docs/ (npm run docs draws it anew)", () => {
    const picture = readFileSync(`docs/pictures/${name}-statechart.svg`, "utf8");
    expect(picture).toBe(chartText(name, "svg"));
  });

  test("shows every state, event and guard", () => {
    const svg = chartText(name, "svg");
    for (const { id } of graph.nodes) expect(svg).toContain(`data-state="${id}"`);
    for (const { labels } of graph.edges) {
      for (const label of labels) expect(svg).toContain(`>${labelText(label)}<`);
    }
  });
});

const light = {
  active: new Set(["lifecycle.pending", "payment.authorising.asked"]),
  possible: new Set(["PaymentAuthorised"]),
};

test("a drawing lights the active states with their parents, and what may come next", () => {
  const svg = chartText("order", "svg", light);
  const lit = [...svg.matchAll(/class="state on" data-state="([^"]+)"/g)].map(([, id]) => id);
  expect(lit).toEqual(["lifecycle.pending", "payment.authorising", "payment.authorising.asked"]);
  const marked = [...svg.matchAll(/class="edge can" data-from="([^"]+)" data-to="([^"]+)"/g)];
  expect(marked.map(([, from, to]) => [from, to])).toEqual([
    ["payment.authorising", "payment.authorised"],
  ]);
});

test("a Mermaid diagram has every region and colours the active states", () => {
  const text = chartText("order", "mmd", light);
  expect(text.match(/^ {4}--$/gm)).toHaveLength(5);
  expect(text).toContain("  class payment_authorising_asked on\n");
  expect(text).toContain('state "pending" as lifecycle_pending');
  expect(text).toContain("payment_captured --> payment_refunded : Refunded [isAllRefunded]");
});
