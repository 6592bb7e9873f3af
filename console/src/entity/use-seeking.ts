import { useEffect, useRef } from "react";
import type { OrderHistoryResult } from "../generated/documents.ts";
import type { useHistoryPage } from "./use-history.ts";

/** A version farther away than this is not looked for: it would take a query for each page. */
const DISTANCE_MAX = 200;

interface Seeking {
  readonly history: OrderHistoryResult["orderHistory"];
  readonly page: ReturnType<typeof useHistoryPage>;
  readonly version: number;
  /** The newest version is not looked for: it moves by itself. */
  readonly isPast: boolean;
}

/**
 * Turns to the page of the timeline that has the version which the rest of the page shows. Whoever
 * turns pages by hand, through the function that this answers with, is left alone.
 */
export function useSeeking({
  history,
  page,
  version,
  isPast,
}: Seeking): (turn: () => void) => void {
  const settled = useRef<number | null>(null);
  useEffect(() => {
    if (history === null || !isPast || settled.current === version) return;
    const versions = history.nodes.flatMap((one) => (one.event === null ? [] : [one.version]));
    const [first = 1, last = first] = [versions[0], versions.at(-1)];
    const { pageInfo } = history;
    if (version < first && first - version < DISTANCE_MAX && pageInfo.hasPreviousPage) {
      page.toEarlier(pageInfo);
    } else if (version > last && version - last < DISTANCE_MAX && pageInfo.hasNextPage) {
      page.toLater(pageInfo);
    } else settled.current = version;
  }, [history, page, version, isPast]);
  return (turn) => {
    settled.current = version;
    turn();
  };
}
