import { moneyText } from "../format/money.ts";
import { timeText } from "../format/time.ts";
import { wordsOf } from "../format/words.ts";
import { orderPairDocument, type OrderPairResult } from "../generated/documents.ts";
import { useQuery } from "../graphql/use-query.ts";

type Summary = NonNullable<OrderPairResult["before"]>;

const rows: readonly (readonly [string, (summary: Summary) => string])[] = [
  ["Since", ({ updatedAt }) => timeText(updatedAt)],
  ["Status", ({ status }) => wordsOf(status)],
  ["Total to pay", ({ total }) => moneyText(total)],
  ["Still due", ({ money }) => moneyText(money.due)],
  ["Captured", ({ money }) => moneyText(money.captured)],
  ["Refunded", ({ money }) => moneyText(money.refunded)],
];

interface OrderSummaryDiffProps {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** Status and sums of two versions side by side, in words, whether they differ or not. */
export function OrderSummaryDiff({ id, from, to }: OrderSummaryDiffProps) {
  const { data } = useQuery(orderPairDocument, { id, from, to });
  const { before, after } = data ?? {};
  if (!before || !after) return null;
  return (
    <table className="table summary">
      <caption className="unseen">Status and sums before and after</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before, at version {from}</th>
          <th scope="col">After, at version {to}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([words, textOf]) => (
          <tr key={words}>
            <th scope="row">{words}</th>
            <td data-label="Before">{textOf(before)}</td>
            <td data-label="After">
              {textOf(before) === textOf(after) ? "the same" : <strong>{textOf(after)}</strong>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
