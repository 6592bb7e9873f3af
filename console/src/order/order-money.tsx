import { moneyText } from "../format/money.ts";
import type { OrderView } from "./order-query.ts";

type Money = OrderView["money"]["due"];

/** Each sum with what it means. */
const rows: readonly (readonly [string, (order: OrderView) => Money])[] = [
  ["Prices times quantities", ({ costs }) => costs.subtotal],
  ["Discount", ({ costs }) => costs.discount],
  ["Total to pay", ({ total }) => total],
  ["Still due", ({ money }) => money.due],
  ["Authorised (held for us)", ({ money }) => money.authorised],
  ["Authorisation given up", ({ money }) => money.voided],
  ["Captured (taken)", ({ money }) => money.captured],
  ["Value of cancelled units", ({ money }) => money.cancelled],
  ["Owed to the customer", ({ money }) => money.owed],
  ["Refund on its way", ({ money }) => money.refundPending],
  ["Refunded", ({ money }) => money.refunded],
  ["Can still be refunded", ({ money }) => money.refundable],
];

interface OrderMoneyProps {
  readonly shown: OrderView;
  /** The order as it is now, when an older version is shown. */
  readonly now: OrderView | null;
}

/** All sums of an order; of an older version beside those of now, with what differs marked. */
export function OrderMoney({ shown, now }: OrderMoneyProps) {
  return (
    <table className="table money">
      <caption className="unseen">Money</caption>
      <thead>
        <tr>
          <th scope="col">Sum</th>
          <th scope="col" className="number">
            {now === null ? "Now" : `Then, at version ${String(shown.version)}`}
          </th>
          {now !== null && (
            <th scope="col" className="number">
              Now, at version {now.version}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(([words, sumOf]) => (
          <tr key={words}>
            <th scope="row">{words}</th>
            <td className="number" data-label="Then" data-sum={words}>
              {moneyText(sumOf(shown))}
            </td>
            {now !== null && (
              <td className="number" data-label="Now">
                <NowSum then={sumOf(shown)} now={sumOf(now)} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NowSum({ then, now }: { readonly then: Money; readonly now: Money }) {
  const text = moneyText(now);
  return then.decimal === now.decimal ? text : <strong>{text}, changed</strong>;
}
