import { wordsOf } from "../format/words.ts";
import type { ProductView } from "./product-query.ts";

type Stock = ProductView["stock"];

/** Each bucket with what it is there for. */
const buckets: readonly (readonly [string, (stock: Stock) => number])[] = [
  ["On hand: all in the warehouse", ({ onHand }) => onHand],
  ["Reserved: for orders not confirmed yet", ({ reserved }) => reserved],
  ["Committed: for confirmed orders, not shipped", ({ committed }) => committed],
  ["Damaged: never sold", ({ damaged }) => damaged],
  ["Safety: kept for errors of counting", ({ safety }) => safety],
  ["Available: on hand less all of these", ({ available }) => available],
  ["Sellable: may still be sold", ({ sellable }) => sellable],
];

interface ProductStockProps {
  readonly shown: ProductView;
  /** The product as it is now, when an older version is shown. */
  readonly now: ProductView | null;
}

/** The stock by its buckets. */
export function ProductStock({ shown, now }: ProductStockProps) {
  const { policy, backorderLimit } = shown.stock;
  return (
    <>
      <table className="table">
        <caption className="unseen">Stock</caption>
        <thead>
          <tr>
            <th scope="col">Bucket</th>
            <th scope="col" className="number">
              {now === null ? "Units now" : `Then, at version ${String(shown.version)}`}
            </th>
            {now !== null && (
              <th scope="col" className="number">
                Now, at version {now.version}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {buckets.map(([words, unitsOf]) => (
            <tr key={words}>
              <th scope="row">{words}</th>
              <td className="number" data-label="Then">
                {unitsOf(shown.stock)}
              </td>
              {now !== null && (
                <td className="number" data-label="Now">
                  {unitsOf(now.stock)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {policy === "DENY"
          ? "No more is sold than there is."
          : `Up to ${String(backorderLimit)} units more may be sold (${wordsOf(policy)}).`}
      </p>
    </>
  );
}
