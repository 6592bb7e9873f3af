import { createMachine } from "xstate";
import { describe, expect, test } from "vitest";
import { activeStates, aggregates, chartDefinition, chartGraph } from "../../machines/index.ts";
import { allArrows } from "../../machines/kernel/statechart.ts";

describe.each(Object.values(aggregates))("the graph of $name", ({ machine }) => {
  const graph = chartGraph(machine);

  test("has every arrow of the machine once", () => {
    const drawn = [
      ...graph.nodes.flatMap(({ id, inside }) => inside.map((label) => ({ from: id, ...label }))),
      ...graph.edges.flatMap(({ from, labels }) => labels.map((label) => ({ from, ...label }))),
    ].map(({ from, event, guard }) => `${from} ${event} ${guard ?? ""}`);
    const known = allArrows(machine).map(
      ({ state, event, guard }) => `${state} ${event} ${guard ?? ""}`,
    );
    expect(drawn.sort()).toEqual(known.sort());
  });

  test("has one initial state in each region and leads from it to every state", () => {
    const regions = graph.nodes.filter(({ parent }) => parent === null);
    const reached = new Set(graph.nodes.filter(({ isInitial }) => isInitial).map(({ id }) => id));
    for (let size = 0; size < reached.size;) {
      size = reached.size;
      for (const { from, to } of graph.edges) {
        if ([...reached].some((id) => id === from || id.startsWith(`${from}.`))) reached.add(to);
      }
      for (const { id, parent } of graph.nodes) {
        if (parent !== null && reached.has(id)) reached.add(parent);
      }
    }
    expect(regions.map(({ id }) => id)).toEqual(Object.keys(machine.states));
    expect(graph.nodes.filter(({ id }) => !reached.has(id))).toEqual([]);
  });

  test("ends only where nothing leads on", () => {
    const ends = graph.nodes.filter(({ isEnd }) => isEnd);
    expect(graph.edges.filter(({ from }) => ends.some(({ id }) => id === from))).toEqual([]);
  });

  test("as JSON is a machine with the same states", () => {
    const imported = createMachine(chartDefinition(machine) as Parameters<typeof createMachine>[0]);
    expect(chartGraph(imported).nodes.map(({ id }) => id)).toEqual(graph.nodes.map(({ id }) => id));
    expect(chartGraph(imported).edges).toEqual(graph.edges);
  });
});

test("a state value names its innermost states", () => {
  const value = { lifecycle: "pending", payment: { authorising: "asked" } };
  expect(activeStates(value)).toEqual(["lifecycle.pending", "payment.authorising.asked"]);
});
