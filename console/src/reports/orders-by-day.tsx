import { moneyText } from "../format/money.ts";
import { counted } from "../format/words.ts";
import type { OrderStatisticsResult } from "../generated/documents.ts";
import { ColumnPlot } from "../plots/column-plot.tsx";
import { periodStarts, periodText, shortPeriod } from "./periods.ts";
import type { ReportsSearch } from "./reports-search.ts";

type Day = OrderStatisticsResult["orderStatistics"]["byDay"][number];

interface OrdersByDayProps {
  readonly chosen: ReportsSearch;
  readonly days: readonly Day[];
}

export function OrdersByDay({ chosen: { from, through }, days }: OrdersByDayProps) {
  const byDay = new Map(days.map((day) => [day.day, day]));
  const columns = periodStarts(from, through, "DAY").map((day) => {
    const count = byDay.get(day)?.count ?? 0;
    const title = `${periodText(day, "DAY")}: ${counted(count, "order")}`;
    return { key: day, label: shortPeriod(day, "DAY"), title, up: count };
  });
  return (
    <div className="beside">
      <div className="card">
        <h3>By day</h3>
        <ColumnPlot summary="Orders placed by day, as the table says." columns={columns} />
      </div>
      <div className="rows" role="region" aria-label="Orders by day" tabIndex={0}>
        <table className="table">
          <caption className="unseen">Orders by day</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" className="number">
                Orders
              </th>
              <th scope="col" className="number">
                Ordered
              </th>
            </tr>
          </thead>
          <tbody>
            {[...days]
              .sort((a, b) => (a.day < b.day ? 1 : -1))
              .map(({ day, count, sums }) => (
                <tr key={day} data-day={day}>
                  <td data-label="Day">{periodText(day, "DAY")}</td>
                  <td data-label="Orders" className="number">
                    {count.toLocaleString("en-GB")}
                  </td>
                  <td data-label="Ordered" className="number">
                    {sums.map(({ total }) => moneyText(total)).join(", ")}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
