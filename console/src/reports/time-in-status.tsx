import { StatusMark } from "../format/status-mark.tsx";
import type { OrderStatisticsResult } from "../generated/documents.ts";
import { ShareBar } from "../plots/share-bar.tsx";
import { stayText } from "./stay-text.ts";

interface TimeInStatusProps {
  readonly rows: OrderStatisticsResult["orderStatistics"]["timeInStatus"];
}

/** How long orders stood in each status that they left in the period, the longest first. */
export function TimeInStatus({ rows }: TimeInStatusProps) {
  const longest = Math.max(...rows.map(({ averageMs }) => averageMs));
  return (
    <section>
      <h3>Time in each status</h3>
      {rows.length === 0 && <p>No order has left a status in this period.</p>}
      {rows.length > 0 && (
        <table className="table">
          <caption className="unseen">How long orders stood in each status</caption>
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Compared</th>
              <th scope="col" className="number">
                On average
              </th>
              <th scope="col" className="number">
                Left
              </th>
            </tr>
          </thead>
          <tbody>
            {[...rows]
              .sort((a, b) => b.averageMs - a.averageMs)
              .map(({ status, count, averageMs }) => (
                <tr key={status} data-stay={status}>
                  <td data-label="Status">
                    <StatusMark status={status} />
                  </td>
                  <td className="bar-cell">
                    <ShareBar value={averageMs} of={longest} />
                  </td>
                  <td data-label="On average" className="number">
                    {stayText(averageMs)}
                  </td>
                  <td data-label="Left" className="number">
                    {count === 1 ? "once" : `${count.toLocaleString("en-GB")} times`}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
