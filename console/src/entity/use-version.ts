import { useCallback, useRef } from "react";
import { useSearch } from "../routing/use-search.ts";

/** The version in the address; null for the newest, which is followed as it grows. */
export function useVersion(newest: number | null) {
  const [search, change] = useSearch();
  const latest = useRef({ change, newest });
  latest.current = { change, newest };
  const asked = Number(search.get("version"));
  const isPast = Number.isInteger(asked) && asked >= 1 && (newest === null || asked < newest);
  const travel = useCallback((version: number) => {
    const { change: put, newest: end } = latest.current;
    put({ version: version === end ? null : String(version) }, { replace: true });
  }, []);
  return { version: isPast ? asked : null, travel };
}
