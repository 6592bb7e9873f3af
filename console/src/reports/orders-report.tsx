import { moneyText } from "../format/money.ts";
import { StatusMark } from "../format/status-mark.tsx";
import { counted } from "../format/words.ts";
import type { OrderStatisticsResult } from "../generated/documents.ts";
import type { Loaded } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";
import { ShareBar } from "../plots/share-bar.tsx";
import { Link } from "../routing/link.tsx";
import { OrdersByDay } from "./orders-by-day.tsx";
import type { ReportsSearch } from "./reports-search.ts";
import { TimeInStatus } from "./time-in-status.tsx";

type Statistics = OrderStatisticsResult["orderStatistics"];

interface OrdersReportProps {
  readonly chosen: ReportsSearch;
  readonly loaded: Loaded<OrderStatisticsResult>;
}

/** The orders placed in a period, as they stand now. */
export function OrdersReport({ chosen, loaded }: OrdersReportProps) {
  const { data, error, isLoading } = loaded;
  const statistics = data?.orderStatistics;
  return (
    <section className="report" aria-labelledby="placed" aria-busy={isLoading}>
      <h2 id="placed">Orders placed</h2>
      <Problem error={error} />
      {statistics === undefined && isLoading && <p className="loading">Loading</p>}
      {statistics?.count === 0 && <p>No order was placed in this period.</p>}
      {statistics !== undefined && statistics.count > 0 && (
        <>
          <p>
            {counted(statistics.count, "order")}: {statistics.sums.map(sumText).join("; ")}. The
            days of orders are those of UTC, and amounts are what was ordered.
          </p>
          <OrdersByDay chosen={chosen} days={statistics.byDay} />
          <div className="halves">
            <ByStatus chosen={chosen} rows={statistics.byStatus} />
            <TimeInStatus rows={statistics.timeInStatus} />
          </div>
        </>
      )}
    </section>
  );
}

function sumText({ total, average }: Statistics["sums"][number]): string {
  return `${moneyText(total)}, ${moneyText(average)} each on average`;
}

interface ByStatusProps {
  readonly chosen: ReportsSearch;
  readonly rows: Statistics["byStatus"];
}

function ByStatus({ chosen: { from, through }, rows }: ByStatusProps) {
  const most = Math.max(...rows.map(({ count }) => count));
  return (
    <section>
      <h3>By status</h3>
      <table className="table">
        <caption className="unseen">Orders by their status now</caption>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Share</th>
            <th scope="col" className="number">
              Orders
            </th>
            <th scope="col" className="number">
              Ordered
            </th>
          </tr>
        </thead>
        <tbody>
          {[...rows]
            .sort((a, b) => b.count - a.count)
            .map(({ status, count, sums }) => (
              <tr key={status} data-status={status}>
                <td data-label="Status">
                  <StatusMark status={status} />
                </td>
                <td className="bar-cell">
                  <ShareBar value={count} of={most} />
                </td>
                <td data-label="Orders" className="number">
                  <Link to={`orders?status=${status}&from=${from}&until=${through}`}>
                    {count.toLocaleString("en-GB")}
                  </Link>
                </td>
                <td data-label="Ordered" className="number">
                  {sums.map(({ total }) => moneyText(total)).join(", ")}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
