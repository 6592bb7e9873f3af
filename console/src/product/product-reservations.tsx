import { counted } from "../format/words.ts";
import { Link } from "../routing/link.tsx";
import type { ProductView } from "./product-query.ts";

/** The units that orders hold now, with the way to each of them. */
export function ProductReservations({ stock }: { readonly stock: ProductView["stock"] }) {
  const rows = stock.reservations ?? [];
  if (rows.length === 0) return <p>No order holds any units.</p>;
  return (
    <>
      <p>
        {counted(stock.reservationCount, "line")} of orders hold units
        {rows.length < stock.reservationCount ? `; ${String(rows.length)} of them are shown` : ""}.
      </p>
      <table className="table">
        <caption className="unseen">Open reservations</caption>
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col" className="number">
              Units
            </th>
            <th scope="col">For</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ orderId, lineId, quantity, isCommitted }) => (
            <tr key={lineId}>
              <td data-label="Order" className="key">
                <Link to={`orders/${orderId}`}>{orderId}</Link>
              </td>
              <td data-label="Units" className="number">
                {quantity}
              </td>
              <td data-label="For">
                {isCommitted ? "a confirmed order" : "an order not confirmed yet"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
