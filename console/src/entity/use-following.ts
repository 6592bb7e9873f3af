import { useRef, useState } from "react";
import { useThrottle } from "../graphql/use-throttle.ts";

const PAUSE_MS = 200;

/**
 * The version that a page must show at least: the feed is ahead of what queries see, so a query
 * says for which version it waits. Null until something is told.
 */
export function useFollowing() {
  const [version, setVersion] = useState<number | null>(null);
  const newest = useRef(0);
  const take = useThrottle(() => setVersion(newest.current), PAUSE_MS);
  const told = (next: number): void => {
    if (next <= newest.current) return;
    newest.current = next;
    take();
  };
  return { version, told };
}
