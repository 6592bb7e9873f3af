import { setTimeout as delay } from "node:timers/promises";

const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 2_000;

/** Waits before attempt n + 1 (n from 0), longer each time, with jitter; ends early on abort. */
export async function backOff(attempt: number, signal?: AbortSignal): Promise<void> {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10));
  const wait = ceiling * (0.5 + Math.random() / 2);
  try {
    await delay(wait, undefined, { signal, ref: false });
  } catch {
    // Aborted: the caller looks at its signal.
  }
}
