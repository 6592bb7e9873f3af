import { axisTicks, tickText } from "../plots/scale.ts";
import { useWidth } from "../plots/use-width.ts";
import "../plots/plots.css";

const HEIGHT = 72;
const ROOM = { left: 36, top: 6, bottom: 6 };
/** As many values as the width holds. */
const VALUES_MAX = 120;

interface RatePlotProps {
  readonly title: string;
  /** One a second, the latest last. */
  readonly values: readonly number[];
  readonly now: number;
}

/** How a rate went in the last two minutes, with its present value in words. */
export function RatePlot({ title, values, now }: RatePlotProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const ticks = axisTicks(0, Math.max(1, ...values), 2);
  const high = ticks.at(-1) ?? 1;
  const y = (value: number): number =>
    ROOM.top + (1 - value / high) * (HEIGHT - ROOM.top - ROOM.bottom);
  const step = (width - ROOM.left) / (VALUES_MAX - 1);
  const points = values.map((value, index) => {
    const x = width - (values.length - 1 - index) * step;
    return `${x.toFixed(1)},${y(value).toFixed(1)}`;
  });
  return (
    <section className="card rate">
      <h2>
        {title}: <span className="rate-now">{now.toFixed(1)}</span>
      </h2>
      <div ref={element} className="plot">
        <svg width={width} height={HEIGHT} role="img" aria-label={`${title}, last two minutes`}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="plot-line" x1={ROOM.left} x2={width} y1={y(tick)} y2={y(tick)} />
              <text className="plot-value" x={ROOM.left - 6} y={y(tick) + 4}>
                {tickText(tick)}
              </text>
            </g>
          ))}
          <polyline className="rate-line" points={points.join(" ")} />
        </svg>
      </div>
    </section>
  );
}
