import type { ReactNode } from "react";
import { activeStates } from "../chart/drawing.ts";
import { spaced } from "../format/words.ts";

/** As the chart has them; a value that was stored and one that was replayed differ in this. */
const regionOrder = ["lifecycle", "reservation", "payment", "fulfilment", "returns", "hold"];

interface WhereItStandsProps {
  /** The value of the statechart. */
  readonly state: unknown;
  readonly children?: ReactNode;
}

/** The state of each region in words, for whoever does not read charts. */
export function WhereItStands({ state, children }: WhereItStandsProps) {
  return (
    <>
      <dl className="facts">
        {inOrder(activeStates(state)).map((path) => {
          const [region = "", ...states] = path.split(".");
          return (
            <div key={path}>
              <dt>{spaced(region)}</dt>
              <dd data-region={region}>{states.map(spaced).join(": ")}</dd>
            </div>
          );
        })}
      </dl>
      {children}
    </>
  );
}

function inOrder(paths: readonly string[]): readonly string[] {
  const rank = (path: string): number => {
    const index = regionOrder.indexOf(path.split(".")[0] ?? "");
    return index < 0 ? regionOrder.length : index;
  };
  return paths.toSorted((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
}
