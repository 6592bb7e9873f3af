import type { ReactNode } from "react";
import { activeStates } from "../chart/drawing.ts";
import { spaced } from "../format/words.ts";

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
        {activeStates(state).map((path) => {
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
