import { useEffect, useRef } from "react";
import type { OrderHistoryResult } from "../generated/documents.ts";
import type { useHistoryPage } from "./use-history.ts";

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
    settled.current = version;
    const isShown = history.nodes.some((one) => one.event !== null && one.version === version);
    if (!isShown) page.toVersion(version);
  }, [history, page, version, isPast]);
  return (turn) => {
    settled.current = version;
    turn();
  };
}
