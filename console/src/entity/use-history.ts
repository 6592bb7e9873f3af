import { useState } from "react";

const PAGE_SIZE = 50;

interface PageInfo {
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Which page of a history is shown: the latest one, or another that was turned to. */
export function useHistoryPage() {
  const [place, setPlace] = useState<{ before?: string; after?: string }>({});
  const variables =
    place.after === undefined
      ? { last: PAGE_SIZE, ...place }
      : { first: PAGE_SIZE, after: place.after };
  return {
    variables,
    isLatest: place.before === undefined && place.after === undefined,
    toLatest: () => setPlace({}),
    toEarlier: ({ startCursor }: PageInfo) => setPlace({ before: startCursor ?? "" }),
    toLater: ({ endCursor }: PageInfo) => setPlace({ after: endCursor ?? "" }),
  };
}
