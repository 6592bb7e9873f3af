import { moneyText } from "../format/money.ts";
import { StatusMark } from "../format/status-mark.tsx";
import { TimeMark } from "../format/time-mark.tsx";
import type { ProductsResult } from "../generated/documents.ts";
import { Link } from "../routing/link.tsx";

type Row = ProductsResult["products"]["nodes"][number];

interface ProductsTableProps {
  readonly rows: readonly Row[];
  readonly isBusy: boolean;
}

export function ProductsTable({ rows, isBusy }: ProductsTableProps) {
  return (
    <table className="table" aria-busy={isBusy}>
      <caption className="unseen">Products</caption>
      <thead>
        <tr>
          <th scope="col">SKU</th>
          <th scope="col">Name</th>
          <th scope="col">Status</th>
          <th scope="col">Category</th>
          <th scope="col" className="number">
            Price
          </th>
          <th scope="col" className="number">
            On hand
          </th>
          <th scope="col" className="number">
            Promised
          </th>
          <th scope="col" className="number">
            Available
          </th>
          <th scope="col">Last change</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <ProductRow key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function ProductRow({ row }: { readonly row: Row }) {
  const { onHand, reserved, committed, available } = row.stock;
  return (
    <tr>
      <td data-label="SKU" className="key">
        <Link to={`products/${row.id}`}>{row.sku}</Link>
      </td>
      <td data-label="Name">{row.name}</td>
      <td data-label="Status">
        <StatusMark status={row.status} />
      </td>
      <td data-label="Category">{row.category}</td>
      <td data-label="Price" className="number">
        {moneyText(row.price)}
      </td>
      <td data-label="On hand" className="number">
        {onHand}
      </td>
      <td data-label="Promised" className="number">
        {reserved + committed}
      </td>
      <td data-label="Available" className="number">
        {available}
      </td>
      <td data-label="Last change">
        <TimeMark at={row.updatedAt} />
      </td>
    </tr>
  );
}
