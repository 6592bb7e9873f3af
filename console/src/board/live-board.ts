import {
  boardCountsDocument,
  boardFeedDocument,
  type OrderStatus,
} from "../generated/documents.ts";
import { openFeed } from "../graphql/feed.ts";
import type { RequestError } from "../graphql/request.ts";
import { createStore, type Store } from "../state/store.ts";
import { emptyBoard, withMoves, type Board } from "./columns.ts";
import { createLoader } from "./load-columns.ts";

/** The board with what keeps it up to date. */
export interface LiveBoard {
  readonly board: Store<Board>;
  /** How many orders there are of each status, loaded or not. */
  readonly counts: Store<Readonly<Record<string, number>>>;
  readonly error: Store<RequestError | null>;
  readonly loadMore: (status: OrderStatus) => void;
  /** Begins to follow; answers with how to stop. */
  readonly start: () => () => void;
}

export function createLiveBoard(): LiveBoard {
  const board = createStore<Board>(emptyBoard());
  const counts = createStore<Readonly<Record<string, number>>>({});
  const error = createStore<RequestError | null>(null);
  const { load, loadAll, loadAgain } = createLoader(board, error);
  return {
    board,
    counts,
    error,
    loadMore: (status) => {
      const column = board.get().columns[status];
      if (column?.hasMore !== true) return;
      void load(status, column.cursor);
    },
    start() {
      const abort = new AbortController();
      const again = () => void loadAgain(abort.signal);
      const stopMoves = followMoves(board, { onCaughtUp: again, onReset: again });
      void loadAll(abort.signal);
      const stopCounts = followCounts(counts);
      return () => {
        abort.abort();
        stopMoves();
        stopCounts();
      };
    },
  };
}

function followMoves(
  board: Store<Board>,
  told: { readonly onCaughtUp: () => void; readonly onReset: () => void },
): () => void {
  return openFeed({
    ...told,
    document: boardFeedDocument,
    variables: {},
    onItems: (items) => {
      const cards = items.flatMap(({ orderFeed: item }) =>
        item.__typename === "OrderEvent" ? [item.order] : [],
      );
      board.set(withMoves(board.get(), cards));
    },
  });
}

function followCounts(counts: LiveBoard["counts"]): () => void {
  return openFeed({
    document: boardCountsDocument,
    variables: {},
    onItems: (items) => {
      const byStatus = items.at(-1)?.statisticsFeed.byStatus ?? [];
      counts.set(Object.fromEntries(byStatus.map(({ status, count }) => [status, count])));
    },
  });
}
