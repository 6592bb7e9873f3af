import { boardColumnDocument, type OrderStatus } from "../generated/documents.ts";
import { request, RequestError } from "../graphql/request.ts";
import { allStatuses } from "../orders/statuses.ts";
import type { Store } from "../state/store.ts";
import { isEnded, withPage, type Board } from "./columns.ts";

const RETRY_MS = 2_000;
const SECOND_LOOK_MS = 3_000;
const PAGE_SIZE = 50;

/** Reads columns of the board; what goes wrong is put into `error`. */
export function createLoader(board: Store<Board>, error: Store<RequestError | null>) {
  const loading = new Set<OrderStatus>();

  const ask = async (status: OrderStatus, after: string | null, signal?: AbortSignal) => {
    if (loading.has(status)) return;
    loading.add(status);
    try {
      const direction = isEnded(status) ? "DESC" : "ASC";
      const variables = { status: [status], direction, after } as const;
      const { orders } = await request(boardColumnDocument, variables, signal);
      board.set(withPage(board.get(), status, { page: orders, isFirst: after === null }));
      error.set(null);
    } finally {
      loading.delete(status);
    }
  };

  const isUnscrolled = (status: OrderStatus): boolean =>
    (board.get().columns[status]?.cards.length ?? 0) <= PAGE_SIZE;

  /** First pages, again and again until they are there. */
  const loadAll = async (
    signal: AbortSignal,
    isWanted: (status: OrderStatus) => boolean = () => true,
  ): Promise<void> => {
    for (;;) {
      try {
        const wanted = allStatuses.filter(isWanted);
        await Promise.all(wanted.map((status) => ask(status, null, signal)));
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        error.set(asRequestError(thrown));
        await pause(RETRY_MS);
      }
    }
  };

  return {
    loadAll,
    /** The page of a column behind a cursor. */
    load: (status: OrderStatus, after: string | null): Promise<void> =>
      ask(status, after).catch((thrown: unknown) => error.set(asRequestError(thrown))),
    /**
     * What was read before the feed began may miss what happened in between; and the feed is ahead
     * of what queries see, so the second look comes a little later.
     */
    loadAgain: async (signal: AbortSignal): Promise<void> => {
      await loadAll(signal, isUnscrolled);
      await pause(SECOND_LOOK_MS);
      await loadAll(signal, isUnscrolled);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

function asRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  return new RequestError("FAULT", String(thrown), false);
}
