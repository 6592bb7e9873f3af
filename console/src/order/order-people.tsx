import { TimeMark } from "../format/time-mark.tsx";
import { moneyText } from "../format/money.ts";
import { wordsOf } from "../format/words.ts";
import { Link } from "../routing/link.tsx";
import type { OrderView } from "./order-query.ts";

/** Whose order it is, where it goes, and what has gone out and come back. */
export function OrderPeople({ order }: { readonly order: OrderView }) {
  const { contact, shippingAddress: address, customerId, shipments, returns, refunds } = order;
  const lineNames = new Map(order.lines.map(({ id, name }) => [id, name]));
  const unitsOf = (lines: readonly { readonly lineId: string; readonly quantity: number }[]) =>
    lines
      .map(({ lineId, quantity }) => `${String(quantity)} × ${lineNames.get(lineId) ?? lineId}`)
      .join(", ");
  return (
    <>
      <p>
        Customer <Link to={`orders?customer=${encodeURIComponent(customerId)}`}>{customerId}</Link>
        {contact !== null && `: ${contact.name}, ${contact.email}`}
      </p>
      {address !== null && (
        <p>
          Goes to{" "}
          {[address.line1, address.line2, address.postalCode, address.city, address.country]
            .filter((part) => part !== null && part !== "")
            .join(", ")}
        </p>
      )}
      {shipments.map(({ id, shippedAt, tracking, lines }) => (
        <p key={id}>
          Shipped <TimeMark at={shippedAt} />: {unitsOf(lines)}
          {tracking !== null && `, with ${tracking.carrier} ${tracking.number}`}
        </p>
      ))}
      {returns.map(({ id, status, reason, lines }) => (
        <p key={id}>
          Return {wordsOf(status)}: {unitsOf(lines)}, “{reason}”
        </p>
      ))}
      {refunds.map(({ id, status, reason, amount }) => (
        <p key={id}>
          Refund of {moneyText(amount)} {wordsOf(status)}, “{reason}”
        </p>
      ))}
    </>
  );
}
