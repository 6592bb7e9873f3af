import { useEffect, useState } from "react";
import { productHistoryDocument } from "../generated/documents.ts";
import { request } from "../graphql/request.ts";
import type { HistoryEntry } from "../entity/history-list.tsx";

const PAGE_SIZE = 100;
const PAGES_MAX = 10;
const PRICE_EVENTS = ["ProductCreated", "PriceChanged", "PriceScheduled", "ScheduledPriceApplied"];

/** The events of a product that set or plan a price, the latest first. */
export interface PriceEvents {
  readonly entries: readonly HistoryEntry[];
  /** Whether there may be older ones, because the history is too long to be looked through. */
  readonly isCut: boolean;
}

/** Looks through the latest thousand entries of a history for prices; anew at each version. */
export function usePriceEvents(id: string, version: number): PriceEvents {
  const [found, setFound] = useState<PriceEvents>({ entries: [], isCut: false });
  useEffect(() => {
    const abort = new AbortController();
    read(id, abort.signal).then(setFound, () => undefined);
    return () => abort.abort();
  }, [id, version]);
  return found;
}

async function read(id: string, signal: AbortSignal): Promise<PriceEvents> {
  const entries: HistoryEntry[] = [];
  let before: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const variables = { id, last: PAGE_SIZE, before };
    const { productHistory }: Awaited<ReturnType<typeof ask>> = await ask(variables, signal);
    if (productHistory === null) break;
    const { nodes, pageInfo } = productHistory;
    const priced = nodes.filter(({ event }) => PRICE_EVENTS.includes(event?.type ?? ""));
    entries.push(...priced.reverse());
    if (!pageInfo.hasPreviousPage) return { entries, isCut: false };
    before = pageInfo.startCursor;
  }
  return { entries, isCut: true };
}

function ask(
  variables: { readonly id: string; readonly last: number; readonly before: string | null },
  signal: AbortSignal,
) {
  return request(productHistoryDocument, variables, signal);
}
