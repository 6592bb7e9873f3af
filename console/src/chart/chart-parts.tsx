import {
  labelText,
  linesOf,
  type Box,
  type DrawnState,
  type Label,
  type Points,
} from "./drawing.ts";

/** Sizes that the layout was made for. */
const LINE = 15;
const TITLE_LINE = 20;
const PADDING = 10;

interface StateBoxProps {
  readonly state: DrawnState;
  readonly box: Box;
  readonly isOn: boolean;
  /** Whether an event may come next, because an allowed command brings it. */
  readonly canCome: (label: Label) => boolean;
}

/** A state, lit when the entity stands in it; an end has a double border. */
export function StateBox({ state, box, isOn, canCome }: StateBoxProps) {
  const { x, y, width, height } = box;
  const classes = [state.parent === null ? "region" : "state", ...(isOn ? ["on"] : [])];
  const first = y + TITLE_LINE + PADDING / 2 + LINE - 3;
  return (
    <g className={classes.join(" ")} data-state={state.id} data-lit={isOn}>
      <rect x={x} y={y} width={width} height={height} rx={6} />
      {state.isEnd && (
        <rect className="end" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={5} />
      )}
      <text className="name" x={x + PADDING} y={y + TITLE_LINE}>
        {state.name}
      </text>
      {linesOf(state, canCome).map(({ text, can }, index) => (
        <text
          key={text}
          className={can ? "can" : undefined}
          x={x + PADDING}
          y={first + index * LINE}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

interface ArrowProps {
  readonly from: string;
  readonly to: string;
  readonly points: Points;
  readonly at: { readonly x: number; readonly y: number };
  readonly labels: readonly Label[];
  /** Whether an event may come next, because an allowed command brings it. */
  readonly canCome: (label: Label) => boolean;
}

/** An arrow with its events; those that may come next are marked. */
export function Arrow({ from, to, points, at, labels, canCome }: ArrowProps) {
  const can = labels.some(canCome);
  const classes = ["edge", ...(can ? ["can"] : [])];
  return (
    <g className={classes.join(" ")} data-from={from} data-to={to} data-possible={can}>
      <path d={wayOf(points)} markerEnd={can ? "url(#tip-can)" : "url(#tip)"} />
      {labels.map((label, index) => (
        <text
          key={labelText(label)}
          className={canCome(label) ? "can" : undefined}
          x={at.x + 2}
          y={at.y + index * LINE + LINE - 4}
        >
          {labelText(label)}
        </text>
      ))}
    </g>
  );
}

/** The dot from which a region's first state is entered. */
export function Initial({ points }: { readonly points: Points }) {
  const [[x = 0, y = 0] = []] = points;
  return (
    <g className="initial">
      <circle className="dot" cx={x} cy={y - 5} r={5} />
      <path d={wayOf(points)} markerEnd="url(#tip)" />
    </g>
  );
}

function wayOf(points: Points): string {
  return `M${points.map(([x = 0, y = 0]) => `${String(x)} ${String(y)}`).join("L")}`;
}
