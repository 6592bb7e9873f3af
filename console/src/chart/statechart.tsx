import { memo, useMemo, useState } from "react";
import { chartDocument, type ChartName } from "../generated/documents.ts";
import { useQuery } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";
import { Arrow, Initial, StateBox } from "./chart-parts.tsx";
import { activeStates, isActive, type Drawing, type Label } from "./drawing.ts";
import "./statechart.css";

interface StatechartProps {
  readonly of: ChartName;
  /** The value of the statechart, as `state` has it. */
  readonly state: unknown;
  /** The commands that may be sent. */
  readonly allowed: readonly string[];
}

/** The statechart of an entity: where it stands is lit, what may be brought about is marked. */
export function Statechart({ of, state, allowed }: StatechartProps) {
  const { data, error } = useQuery(chartDocument, { of });
  const text = data?.chart;
  const drawing = useMemo(
    () => (text === undefined ? null : (JSON.parse(text) as Drawing)),
    [text],
  );
  const [region, setRegion] = useState("");
  const lit = JSON.stringify(activeStates(state));
  if (drawing === null)
    return error ? <Problem error={error} /> : <p className="loading">Loading</p>;
  const regions = drawing.graph.nodes.filter(({ parent }) => parent === null);
  return (
    <figure className="statechart">
      <figcaption>
        <span>
          <span className="sample on">yellow</span> is where it stands now,{" "}
          <span className="sample can">blue</span> is what an allowed command may bring next.
        </span>
        <label>
          Show{" "}
          <select value={region} onChange={({ target }) => setRegion(target.value)}>
            <option value="">all regions</option>
            {regions.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
      </figcaption>
      <div className="paper" tabIndex={0} role="group" aria-label="Statechart">
        <DrawnChart drawing={drawing} lit={lit} allowed={allowed.join(" ")} region={region} />
      </div>
    </figure>
  );
}

interface DrawnChartProps {
  readonly drawing: Drawing;
  /** JSON of the active states: a text, so that the same light draws nothing anew. */
  readonly lit: string;
  readonly allowed: string;
  readonly region: string;
}

const DrawnChart = memo(function DrawnChart({ drawing, lit, allowed, region }: DrawnChartProps) {
  const { graph, layout } = drawing;
  const active = JSON.parse(lit) as readonly string[];
  const commands = new Set(allowed.split(" "));
  const boxes = new Map(layout.nodes.map((box) => [box.id, box]));
  const view = boxes.get(region) ?? { x: 0, y: 0, width: layout.width, height: layout.height };
  const canCome = (from: string) => (label: Label) =>
    isActive(from, active) && label.commands.some((one) => commands.has(one));
  return (
    <svg
      className={region === "" ? "chart" : "chart near"}
      viewBox={[view.x - 4, view.y - 4, view.width + 8, view.height + 8].join(" ")}
      width={region === "" ? undefined : view.width + 8}
      role="img"
      aria-label={`Statechart; lit: ${active.join(", ")}`}
    >
      <Tip id="tip" />
      <Tip id="tip-can" />
      {graph.nodes.map((state) => {
        const box = boxes.get(state.id);
        const isOn = state.parent !== null && isActive(state.id, active);
        return (
          box && (
            <StateBox
              key={state.id}
              state={state}
              box={box}
              isOn={isOn}
              canCome={canCome(state.id)}
            />
          )
        );
      })}
      {layout.initials.map(({ to, points }) => (
        <Initial key={to} points={points} />
      ))}
      {graph.edges.map(({ from, to, labels }) => {
        const way = layout.edges.find((one) => one.from === from && one.to === to);
        if (way === undefined) return null;
        const { points, label: at } = way;
        const arrow = { from, to, points, at, labels, canCome: canCome(from) };
        return <Arrow key={`${from}>${to}`} {...arrow} />;
      })}
    </svg>
  );
});

function Tip({ id }: { readonly id: string }) {
  return (
    <defs>
      <marker
        id={id}
        viewBox="0 0 8 8"
        refX={7}
        refY={4}
        markerUnits="userSpaceOnUse"
        markerWidth={id === "tip" ? 8 : 12}
        markerHeight={id === "tip" ? 8 : 12}
        orient="auto-start-reverse"
      >
        <path d="M0 0L8 4L0 8z" />
      </marker>
    </defs>
  );
}
