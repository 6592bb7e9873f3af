import type { ChartName } from "../generated/documents.ts";
import { Statechart } from "./statechart.tsx";

interface ChartSectionProps {
  readonly of: ChartName;
  readonly view: {
    readonly state: unknown;
    readonly allowedCommands: readonly { readonly command: string; readonly allowed: boolean }[];
  };
  readonly isPast: boolean;
}

/** The statechart of an entity as a part of its page. */
export function ChartSection({ of, view, isPast }: ChartSectionProps) {
  const allowed = view.allowedCommands.filter((one) => one.allowed).map(({ command }) => command);
  return (
    <section className="card wide" aria-labelledby="chart">
      <h2 id="chart">
        Statechart of this {of.toLowerCase()}
        {isPast ? ", as it was then" : ""}
      </h2>
      <Statechart of={of} state={view.state} allowed={allowed} />
    </section>
  );
}
