import { useCallback, useEffect, useRef } from "react";

/** Calls at most once in so many milliseconds, and once more for what came meanwhile. */
export function useThrottle(call: () => void, pauseMs: number): () => void {
  const latest = useRef(call);
  const timer = useRef<number | undefined>(undefined);
  const lastAt = useRef(0);
  useEffect(() => {
    latest.current = call;
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== undefined) return;
    const wait = Math.max(0, lastAt.current + pauseMs - performance.now());
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      lastAt.current = performance.now();
      latest.current();
    }, wait);
  }, [pauseMs]);
}
