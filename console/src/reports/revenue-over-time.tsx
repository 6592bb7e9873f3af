import { moneyText } from "../format/money.ts";
import type { RevenueResult } from "../generated/documents.ts";
import { ColumnPlot } from "../plots/column-plot.tsx";
import { dayIn } from "./civil-days.ts";
import { periodStarts, periodText, shortPeriod } from "./periods.ts";
import type { ReportsSearch } from "./reports-search.ts";
import { RevenueCells, RevenueHeads } from "./revenue-cells.tsx";

type Period = RevenueResult["revenueReport"]["periods"][number];

interface RevenueOverTimeProps {
  readonly chosen: ReportsSearch;
  readonly periods: readonly Period[];
}

export function RevenueOverTime({ chosen, periods }: RevenueOverTimeProps) {
  const { from, through, granularity, timeZone } = chosen;
  const byStart = new Map(
    periods.map((period) => [dayIn(timeZone, Date.parse(period.start)), period]),
  );
  const columns = periodStarts(from, through, granularity).map((start) => {
    const period = byStart.get(start);
    const amounts = period === undefined ? "nothing" : amountsText(period);
    return {
      key: start,
      label: shortPeriod(start, granularity),
      title: `${periodText(start, granularity)}: ${amounts}`,
      up: Number(period?.gross.decimal ?? 0),
      down: Number(period?.refunds.decimal ?? 0),
      mark: Number(period?.net.decimal ?? 0),
    };
  });
  const unit = granularity.toLowerCase();
  return (
    <div className="beside">
      <div className="card">
        <h3>By {unit}</h3>
        <ColumnPlot
          summary={`Gross, refunds and net revenue by ${unit}, as the table says.`}
          columns={columns}
        />
        <ul className="plot-key">
          <KeyEntry className="plot-up" text="gross, upwards" />
          <KeyEntry className="plot-down" text="refunds, downwards" />
          <li>
            <svg width="16" height="12" aria-hidden="true">
              <line className="plot-mark" x1="0" x2="16" y1="6" y2="6" />
            </svg>
            net
          </li>
        </ul>
      </div>
      <PeriodTable chosen={chosen} byStart={byStart} />
    </div>
  );
}

function amountsText({ gross, refunds, net }: Period): string {
  return `gross ${moneyText(gross)}, refunds ${moneyText(refunds)}, net ${moneyText(net)}`;
}

function KeyEntry({ className, text }: { readonly className: string; readonly text: string }) {
  return (
    <li>
      <svg width="12" height="12" aria-hidden="true">
        <rect className={className} width="12" height="12" />
      </svg>
      {text}
    </li>
  );
}

interface PeriodTableProps {
  readonly chosen: ReportsSearch;
  readonly byStart: ReadonlyMap<string, Period>;
}

function PeriodTable({ chosen: { granularity }, byStart }: PeriodTableProps) {
  return (
    <div className="rows" role="region" aria-label="Revenue over time" tabIndex={0}>
      <table className="table">
        <caption className="unseen">Revenue by {granularity.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col">{granularity === "DAY" ? "Day" : "From"}</th>
            <RevenueHeads />
          </tr>
        </thead>
        <tbody>
          {[...byStart].reverse().map(([start, amounts]) => (
            <tr key={start} data-period={start}>
              <td data-label="From">{periodText(start, granularity)}</td>
              <RevenueCells {...amounts} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
