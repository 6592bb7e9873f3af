import { moneyText } from "../format/money.ts";
import { StatusMark } from "../format/status-mark.tsx";
import { TimeMark } from "../format/time-mark.tsx";
import type { OrdersResult } from "../generated/documents.ts";
import { Link } from "../routing/link.tsx";

type Row = OrdersResult["orders"]["nodes"][number];

interface OrdersTableProps {
  readonly rows: readonly Row[];
  readonly isBusy: boolean;
}

export function OrdersTable({ rows, isBusy }: OrdersTableProps) {
  return (
    <table className="table" aria-busy={isBusy}>
      <caption className="unseen">Orders</caption>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Status</th>
          <th scope="col">Customer</th>
          <th scope="col">Items</th>
          <th scope="col" className="number">
            Total
          </th>
          <th scope="col">Placed</th>
          <th scope="col">Last change</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <OrderRow key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function OrderRow({ row }: { readonly row: Row }) {
  return (
    <tr>
      <td data-label="Number" className="key">
        <Link to={`orders/${row.id}`}>{row.number}</Link>
      </td>
      <td data-label="Status">
        <StatusMark status={row.status} />
        {row.holdReason !== null && <div className="dim">held: {row.holdReason}</div>}
      </td>
      <td data-label="Customer">{row.customerId}</td>
      <td data-label="Items">
        {row.lines.map(({ ordered, sku }) => `${String(ordered)} × ${sku}`).join(", ")}
      </td>
      <td data-label="Total" className="number">
        {moneyText(row.total)}
      </td>
      <td data-label="Placed">
        <TimeMark at={row.createdAt} />
      </td>
      <td data-label="Last change">
        <TimeMark at={row.updatedAt} />
      </td>
    </tr>
  );
}
