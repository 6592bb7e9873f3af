import type { BoardFeedResult, OrderStatus } from "../generated/documents.ts";
import { allStatuses, endedStatuses } from "../orders/statuses.ts";

/** An order as the board shows it. */
export type Card = Extract<
  BoardFeedResult["orderFeed"],
  { readonly __typename: "OrderEvent" }
>["order"];

/** The orders of one status, as far as they are loaded. */
export interface Column {
  readonly status: OrderStatus;
  /** Open statuses: the longest without a change first. Ended ones: the latest first. */
  readonly cards: readonly Card[];
  /** Whether there are more than these, and the cursor behind which they are. */
  readonly hasMore: boolean;
  readonly cursor: string | null;
  readonly isLoaded: boolean;
}

/** All columns, and the newest that is known of each order that has moved while it was watched. */
export interface Board {
  readonly columns: Readonly<Record<string, Column>>;
  readonly moved: Map<string, Card>;
}

interface Page {
  readonly nodes: readonly Card[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Cards kept of a status that only grows; the list of orders has the rest. */
const ENDED_CARDS_MAX = 1_000;
/** Orders of which it is remembered that they have moved. */
const MOVED_MAX = 20_000;

const ended = new Set(endedStatuses);

export function isEnded(status: OrderStatus): boolean {
  return ended.has(status);
}

export function emptyBoard(): Board {
  const columns = allStatuses.map((status): [string, Column] => [
    status,
    { status, cards: [], hasMore: false, cursor: null, isLoaded: false },
  ]);
  return { columns: Object.fromEntries(columns), moved: new Map() };
}

/** Adds a page to a column; the first one begins it anew. What is known to be newer stays. */
export function withPage(
  board: Board,
  status: OrderStatus,
  { page, isFirst }: { readonly page: Page; readonly isFirst: boolean },
): Board {
  const before = board.columns[status];
  if (before === undefined) return board;
  const kept = isFirst ? [] : before.cards;
  const there = new Set(kept.map(({ id }) => id));
  const fresh = page.nodes.filter(
    ({ id, version }) => !there.has(id) && (board.moved.get(id)?.version ?? 0) <= version,
  );
  const { hasNextPage: hasMore, endCursor: cursor } = page.pageInfo;
  const rows = [...kept, ...fresh];
  // Moves that the page does not know of yet belong to it as well.
  const known = new Set(rows.map(({ id }) => id));
  const missed = [...board.moved.values()].filter(
    (card) => isFirst && card.status === status && !known.has(card.id),
  );
  const cards = placed(rows, missed, { status, hasMore });
  const column: Column = { status, cards, hasMore, cursor, isLoaded: true };
  return { ...board, columns: { ...board.columns, [status]: column } };
}

/**
 * Moves cards to where their orders are now; an older version of an order changes nothing. Goes
 * through the columns once, however many cards move, and keeps on with the same `moved`.
 */
export function withMoves(board: Board, cards: readonly Card[]): Board {
  const { moved } = board;
  const fresh = newestOf(cards).filter(
    ({ id, version }) => (moved.get(id)?.version ?? 0) < version,
  );
  if (fresh.length === 0) return board;
  const ids = new Set(fresh.map(({ id }) => id));
  for (const card of fresh) {
    // Taken out first, so that the map's order is that of the latest moves.
    moved.delete(card.id);
    moved.set(card.id, card);
  }
  for (const id of moved.keys()) {
    if (moved.size <= MOVED_MAX) break;
    moved.delete(id);
  }
  const columns = Object.entries(board.columns).map(([status, column]): [string, Column] => {
    const rest = column.cards.filter(({ id }) => !ids.has(id));
    const here = fresh.filter((card) => card.status === status);
    if (here.length === 0 && rest.length === column.cards.length) return [status, column];
    return [status, { ...column, cards: placed(rest, here, column) }];
  });
  return { columns: Object.fromEntries(columns), moved };
}

/** The last word on each order. */
function newestOf(cards: readonly Card[]): readonly Card[] {
  return [...new Map(cards.map((card) => [card.id, card])).values()];
}

/** Cards that have just changed are the last of an open column, so behind what is not loaded. */
function placed(
  cards: readonly Card[],
  fresh: readonly Card[],
  { status, hasMore }: Pick<Column, "status" | "hasMore">,
): readonly Card[] {
  if (isEnded(status)) return [...fresh.toReversed(), ...cards].slice(0, ENDED_CARDS_MAX);
  return hasMore ? cards : [...cards, ...fresh];
}
