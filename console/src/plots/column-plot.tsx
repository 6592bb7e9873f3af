import { axisTicks, tickText } from "./scale.ts";
import { useWidth } from "./use-width.ts";
import "./plots.css";

const HEIGHT = 240;
const ROOM = { left: 48, right: 8, top: 12, bottom: 28 };
const LABEL_WIDTH = 64;
const GAP = 0.25;

/** One column: what stands above zero, what hangs below it, and what both come to. */
interface Column {
  readonly key: string;
  /** Below the axis, in few letters. */
  readonly label: string;
  /** All of it in words, for whoever points at the column. */
  readonly title: string;
  readonly up: number;
  readonly down?: number;
  readonly mark?: number;
}

interface ColumnPlotProps {
  /** What is drawn, in one sentence: the table beside it has the figures. */
  readonly summary: string;
  readonly columns: readonly Column[];
}

/** Columns over time, from the earliest on the left to the latest. */
export function ColumnPlot({ summary, columns }: ColumnPlotProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const ticks = axisTicks(
    -Math.max(0, ...columns.map(({ down = 0, mark = 0 }) => Math.max(down, -mark))),
    Math.max(0, ...columns.map(({ up, mark = 0 }) => Math.max(up, mark))),
  );
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const drawn = HEIGHT - ROOM.top - ROOM.bottom;
  const y = (value: number): number => ROOM.top + ((high - value) / (high - low)) * drawn;
  const inner = Math.max(1, width - ROOM.left - ROOM.right);
  const step = inner / Math.max(1, columns.length);
  const labelEvery = Math.max(1, Math.ceil(LABEL_WIDTH / step));
  return (
    <div ref={element} className="plot">
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={summary}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                className={tick === 0 ? "plot-zero" : "plot-line"}
                x1={ROOM.left}
                x2={width - ROOM.right}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text className="plot-value" x={ROOM.left - 6} y={y(tick) + 4}>
                {tickText(tick)}
              </text>
            </g>
          ))}
          {columns.map((column, index) => (
            <g key={column.key} data-column={column.key}>
              <title>{column.title}</title>
              <Bars column={column} x={ROOM.left + index * step} step={step} y={y} />
              {index % labelEvery === 0 && ROOM.left + index * step + LABEL_WIDTH / 2 < width && (
                <text className="plot-label" x={ROOM.left + (index + 0.5) * step} y={HEIGHT - 8}>
                  {column.label}
                </text>
              )}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

interface BarsProps {
  readonly column: Column;
  readonly x: number;
  readonly step: number;
  readonly y: (value: number) => number;
}

function Bars({ column: { up, down = 0, mark }, x, step, y }: BarsProps) {
  const left = x + (step * GAP) / 2;
  const width = Math.max(1, step * (1 - GAP));
  return (
    <>
      <rect className="plot-hover" x={x} width={step} y={ROOM.top} height={y(0) - ROOM.top} />
      {up > 0 && (
        <rect className="plot-up" x={left} width={width} y={y(up)} height={y(0) - y(up)} />
      )}
      {down > 0 && (
        <rect className="plot-down" x={left} width={width} y={y(0)} height={y(-down) - y(0)} />
      )}
      {mark !== undefined && (up > 0 || down > 0) && (
        <line className="plot-mark" x1={x} x2={x + step} y1={y(mark)} y2={y(mark)} />
      )}
    </>
  );
}
