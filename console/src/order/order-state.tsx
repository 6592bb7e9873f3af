import { WhereItStands } from "../entity/where-it-stands.tsx";
import { TimeMark } from "../format/time-mark.tsx";
import { wordsOf } from "../format/words.ts";
import type { OrderView } from "./order-query.ts";

/** Where the order stands in words: each region, what it waits for, and what went wrong. */
export function OrderState({ order }: { readonly order: OrderView }) {
  const { expiresAt, holdReason, rejection, cancellation, payment } = order;
  const { attempt, attemptCount, attemptsMax } = payment;
  return (
    <WhereItStands state={order.state}>
      <p>{nextText(order)}</p>
      {expiresAt !== null && (
        <p>
          Unless it is paid before, it ends at <TimeMark at={expiresAt} />.
        </p>
      )}
      {holdReason !== null && <p className="problem">Held back: {holdReason}</p>}
      {rejection !== null && (
        <p className="problem">
          Rejected because of {rejection.sku}: {String(rejection.requested ?? 0)} wanted,{" "}
          {String(rejection.available ?? 0)} available. <code>{rejection.code}</code>
        </p>
      )}
      {cancellation !== null && (
        <p className="problem">
          Cancelled, reason: {wordsOf(cancellation.reason)}
          {cancellation.note === null ? "" : `, “${cancellation.note}”`}
        </p>
      )}
      {attempt !== null && (
        <p>
          Payment by {wordsOf(attempt.method.kind)}
          {attempt.method.label === null ? "" : ` ${attempt.method.label}`},{" "}
          {`attempt ${String(attemptCount)} of ${String(attemptsMax)}`}
          {attempt.failure === null ? "." : `: ${attempt.failure}.`}
        </p>
      )}
    </WhereItStands>
  );
}

function nextText({ isSettled, allowedCommands }: OrderView): string {
  if (!isSettled) return "Something is under way by itself: stock, payment or a deadline.";
  const isOpen = allowedCommands.some(({ allowed }) => allowed);
  return isOpen
    ? "Nothing is under way: the next step is a person’s."
    : "Nothing is under way, and no command is allowed any more.";
}
