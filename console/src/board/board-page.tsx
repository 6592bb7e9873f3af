import { useEffect, useState } from "react";
import { counted, wordsOf } from "../format/words.ts";
import { Problem } from "../layout/problem.tsx";
import { allStatuses } from "../orders/statuses.ts";
import { useTitle } from "../routing/use-title.ts";
import { useStore } from "../state/store.ts";
import { useNow } from "../state/use-now.ts";
import { BoardColumn } from "./board-column.tsx";
import { createLiveBoard } from "./live-board.ts";
import { isStuck } from "./stuck.ts";
import "./board.css";

const AGES_EVERY_MS = 5_000;

/** Every order in the column of its status, moving as things happen; who waits longest is first. */
export function BoardPage() {
  useTitle("Board");
  const [live] = useState(createLiveBoard);
  useEffect(() => live.start(), [live]);
  const { columns } = useStore(live.board);
  const counts = useStore(live.counts);
  const error = useStore(live.error);
  const now = useNow(AGES_EVERY_MS);
  const shown = allStatuses.flatMap((status) => {
    const column = columns[status];
    // The counts of all come a little after the first cards.
    const count = Math.max(counts[status] ?? 0, column?.cards.length ?? 0);
    return column === undefined || count === 0 ? [] : [{ column, count }];
  });
  const all = shown.reduce((sum, { count }) => sum + count, 0);
  const stuck = shown.flatMap(({ column }) => column.cards.filter((card) => isStuck(card, now)));
  const isLoaded = Object.values(columns).every((column) => column.isLoaded);
  const empty = allStatuses.filter((status) => !shown.some((one) => one.column.status === status));
  return (
    <>
      <div className="title-row">
        <h1>Board</h1>
        <p className="dim">
          {counted(all, "order")}, {counted(stuck.length, "stuck one")} among those on the screen.
          In open columns the one that waits longest is first.
        </p>
      </div>
      <Problem error={error} />
      {!isLoaded && shown.length === 0 && <p className="loading">Loading</p>}
      {isLoaded && shown.length === 0 && <p>There is no order yet.</p>}
      <div className="board">
        {shown.map(({ column, count }) => (
          <BoardColumn
            key={column.status}
            column={column}
            count={count}
            now={now}
            onMore={live.loadMore}
          />
        ))}
      </div>
      {isLoaded && empty.length > 0 && (
        <p className="dim">No order is {empty.map(wordsOf).join(", ")}.</p>
      )}
    </>
  );
}
