import { moneyText } from "../format/money.ts";
import { wordsOf } from "../format/words.ts";
import { Link } from "../routing/link.tsx";
import type { OrderView } from "./order-query.ts";

type Line = OrderView["lines"][number];

const counters: readonly (readonly [string, (line: Line) => number])[] = [
  ["Ordered", ({ ordered }) => ordered],
  ["Reserved", ({ reserved }) => reserved],
  ["Shipped", ({ shipped }) => shipped],
  ["Delivered", ({ delivered }) => delivered],
  ["Cancelled", ({ cancelled }) => cancelled],
  ["Returned", ({ returned }) => returned],
];

/** What was ordered, and how many units of each line have got how far. */
export function OrderLines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <table className="table">
      <caption className="unseen">Lines</caption>
      <thead>
        <tr>
          <th scope="col">Product</th>
          <th scope="col">Stock</th>
          {counters.map(([words]) => (
            <th key={words} scope="col" className="number">
              {words}
            </th>
          ))}
          <th scope="col" className="number">
            Unit price
          </th>
          <th scope="col" className="number">
            Line total
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id}>
            <td data-label="Product">
              <span>
                <Link to={`products/${line.productId}`}>{line.name}</Link>{" "}
                <code className="dim">{line.sku}</code>
              </span>
            </td>
            <td data-label="Stock">{stockText(line)}</td>
            {counters.map(([words, countOf]) => (
              <td key={words} data-label={words} className="number">
                {countOf(line)}
              </td>
            ))}
            <td data-label="Unit price" className="number">
              {moneyText(line.unitPrice)}
            </td>
            <td data-label="Line total" className="number">
              {moneyText(line.total)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the product holds for the line; once it is sent or given back it holds nothing. */
function stockText({ stock, reserved }: Line): string {
  const wasHeld = stock === "RESERVED" || stock === "COMMITTED";
  return wasHeld && reserved === 0 ? "none held" : wordsOf(stock);
}
