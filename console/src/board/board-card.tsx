import { memo } from "react";
import { moneyText } from "../format/money.ts";
import { durationText } from "../format/time.ts";
import { Link } from "../routing/link.tsx";
import { isEnded, type Card } from "./columns.ts";
import { isStuck, quietMs } from "./stuck.ts";

interface BoardCardProps {
  readonly card: Card;
  readonly now: number;
}

/** One order on the board: its number, what it costs, and for how long nothing has happened. */
export const BoardCard = memo(function BoardCard({ card, now }: BoardCardProps) {
  const stuck = isStuck(card, now);
  const quiet = durationText(quietMs(card, now));
  const waiting = isEnded(card.status) ? `${quiet} ago` : `unchanged for ${quiet}`;
  return (
    <div className={stuck ? "board-card stuck" : "board-card"} data-order={card.number}>
      <Link to={`orders/${card.id}`} className="key">
        {card.number}
      </Link>
      <span className="sum">{moneyText(card.total)}</span>
      <span className="wait">{stuck ? `stuck: ${waiting}` : waiting}</span>
      {card.holdReason !== null && <span className="hold">held: {card.holdReason}</span>}
    </div>
  );
});
