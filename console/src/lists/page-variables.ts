const PAGE_SIZE = 25;

/** Which page an address asks for. */
export function pageVariables(search: URLSearchParams) {
  const after = search.get("after");
  const before = search.get("before");
  if (before !== null) return { last: PAGE_SIZE, before };
  return after === null ? { first: PAGE_SIZE } : { first: PAGE_SIZE, after };
}

/** What a change of the filter takes out of the address: the old page means nothing any more. */
export const FIRST_PAGE = { after: null, before: null } as const;
