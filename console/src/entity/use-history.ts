import { useState } from "react";

const PAGE_SIZE = 50;

interface PageInfo {
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

type Place =
  | { readonly from: "end"; readonly before?: string }
  | { readonly from: "start"; readonly after?: string; readonly afterVersion?: number };

/** Which page of a history is shown: the latest one, or another that was turned to. */
export function useHistoryPage() {
  const [{ from, ...place }, setPlace] = useState<Place>({ from: "end" });
  return {
    variables: { [from === "end" ? "last" : "first"]: PAGE_SIZE, ...place },
    isLatest: from === "end" && Object.keys(place).length === 0,
    toLatest: () => setPlace({ from: "end" }),
    toEarlier: ({ startCursor }: PageInfo) => setPlace({ from: "end", before: startCursor ?? "" }),
    toLater: ({ endCursor }: PageInfo) => setPlace({ from: "start", after: endCursor ?? "" }),
    /** The page in whose middle a version is. */
    toVersion: (version: number) =>
      setPlace({ from: "start", afterVersion: Math.max(0, version - PAGE_SIZE / 2) }),
  };
}
