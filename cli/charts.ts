import { writeFileSync } from "node:fs";
import { aggregates, chartGraph } from "../machines/index.ts";
import { layOut } from "./chart-layout.ts";

/**
 * `npm run charts`: lays the statecharts out and writes the layouts that the gateway draws from; a
 * test fails when a machine has changed since. `npm run docs` then draws the pictures in docs/.
 */
for (const [name, { machine }] of Object.entries(aggregates)) {
  const layout = await layOut(chartGraph(machine));
  writeFileSync(`gateway/charts/${name}.json`, `${JSON.stringify(layout)}\n`);
  console.log(`${name}: ${String(layout.width)} x ${String(layout.height)}`);
}
