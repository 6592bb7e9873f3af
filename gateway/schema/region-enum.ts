import type { Aggregate } from "../../machines/index.ts";
import { builder } from "./builder.ts";

/** An enum of the states of a region, read from the statechart, so that it can never lag behind. */
export function regionEnum(name: string, { machine }: Pick<Aggregate, "machine">, region: string) {
  const states = Object.keys(machine.states[region]?.states ?? {});
  if (states.length === 0) throw new Error(`${machine.id} has no region ${region}`);
  const values = Object.fromEntries(states.map((state) => [upperSnake(state), { value: state }]));
  return builder.enumType(name, { values });
}

function upperSnake(name: string): string {
  return name.replaceAll(/([A-Z])/g, "_$1").toUpperCase();
}
