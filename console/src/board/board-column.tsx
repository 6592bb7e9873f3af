import { memo, useLayoutEffect, useRef, useState } from "react";
import { durationText } from "../format/time.ts";
import { wordsOf } from "../format/words.ts";
import { Link } from "../routing/link.tsx";
import type { OrderStatus } from "../generated/documents.ts";
import { BoardCard } from "./board-card.tsx";
import { isEnded, type Column } from "./columns.ts";
import { quietMs } from "./stuck.ts";

/** As in board.css. */
const CARD_HEIGHT = 72;
/** Cards beyond the edges that are drawn as well, so that scrolling shows no gaps. */
const OVERSCAN = 4;
/** So near to the end the next page is asked for. */
const AHEAD = 20;

interface BoardColumnProps {
  readonly column: Column;
  readonly count: number;
  readonly now: number;
  readonly onMore: (status: OrderStatus) => void;
}

/** The orders of one status; only those that can be seen are drawn, however many there are. */
export const BoardColumn = memo(function BoardColumn(props: BoardColumnProps) {
  const { column, count, now, onMore } = props;
  const { status, cards, hasMore } = column;
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => setHeight(scroller.current?.clientHeight ?? 600), []);
  const first = Math.max(0, Math.floor(top / CARD_HEIGHT) - OVERSCAN);
  const last = Math.min(cards.length, Math.ceil((top + height) / CARD_HEIGHT) + OVERSCAN);
  const scroll = (): void => {
    const { scrollTop = 0, clientHeight = height } = scroller.current ?? {};
    setTop(scrollTop);
    setHeight(clientHeight);
    const seen = Math.ceil((scrollTop + clientHeight) / CARD_HEIGHT);
    if (hasMore && seen + AHEAD > cards.length) onMore(status);
  };
  return (
    <section className="board-column" data-status={status} aria-label={wordsOf(status)}>
      <header>
        <h2>
          <Link to={`orders?status=${status}`}>{wordsOf(status)}</Link>
        </h2>
        <span className="count">
          {count.toLocaleString("en-GB")}
          {hasMore && count === cards.length ? "+" : ""}
        </span>
        <span className="oldest">{ageText(column, now)}</span>
      </header>
      <div
        className="cards"
        ref={scroller}
        onScroll={scroll}
        tabIndex={0}
        role="group"
        aria-label={`Orders: ${wordsOf(status)}`}
      >
        <div className="run" style={{ height: cards.length * CARD_HEIGHT }}>
          <div style={{ transform: `translateY(${String(first * CARD_HEIGHT)}px)` }}>
            {cards.slice(first, last).map((card) => (
              <BoardCard key={card.id} card={card} now={now} />
            ))}
          </div>
        </div>
      </div>
    </section>
  );
});

/** Of a status that should pass: for how long nothing has happened to the first card. */
function ageText({ status, cards }: Column, now: number): string {
  const [oldest] = cards;
  if (isEnded(status) || oldest === undefined) return "";
  return `oldest ${durationText(quietMs(oldest, now))}`;
}
