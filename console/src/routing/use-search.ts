import { navigate, usePlace } from "./location.ts";

type Change = Readonly<Record<string, string | null>>;

/**
 * What is chosen on a page, kept in the address so that it can be sent to somebody and come back
 * to: its values, and how to change some of them. Null and the empty text take one away.
 */
export function useSearch(): readonly [
  URLSearchParams,
  (change: Change, options?: { readonly replace?: boolean }) => void,
] {
  const { path, search } = usePlace();
  const change = (changes: Change, options = {}): void => {
    // Read anew: a timer may call this after the address has changed.
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    // The same choice always has the same address.
    next.sort();
    const query = next.toString();
    navigate(query === "" ? path : `${path}?${query}`, options);
  };
  return [search, change];
}
