import type { StoreHead } from "./store-head.ts";

/** How often it is looked where the log ends. */
const LOOK_INTERVAL_MS = 1_000;
/** Whoever follows is always a little behind: only from here on it is told. */
const LAG_TOLD_MIN_MS = 5_000;

export interface HeadWatchOptions {
  readonly readHead: () => Promise<StoreHead | null>;
  /** Whether the one who is watched has come to it; false = not yet. */
  readonly hasReached: (head: StoreHead) => boolean | Promise<boolean>;
  readonly lookIntervalMs?: number;
  readonly lagToldMinMs?: number;
}

/** Notices that somebody has stopped following the log, whatever they say of themselves. */
export interface HeadWatch {
  /** For how long (ms) they have not come to a commit that was there; 0 = they keep up. */
  lagMs(): number;
  close(): void;
}

/**
 * Takes the end of the log as a mark, and the next one only when that is reached. So it goes by
 * what is in the store and by this process's own clock alone: a quiet log is no lag, and a follower
 * that hears nothing, or believes to be at the end, is found out as soon as the log moves on.
 */
export function watchHead(options: HeadWatchOptions): HeadWatch {
  const { readHead, hasReached, lookIntervalMs = LOOK_INTERVAL_MS } = options;
  let mark: { readonly head: StoreHead; readonly seenAt: number } | null = null;
  let isLooking = false;

  async function look(): Promise<void> {
    if (mark !== null && !(await hasReached(mark.head))) return;
    mark = null;
    const seenAt = performance.now();
    const head = await readHead();
    if (head !== null && !(await hasReached(head))) mark = { head, seenAt };
  }

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // While MongoDB is away nobody can follow: a mark that stands goes on counting.
    look()
      .catch(() => undefined)
      .finally(() => (isLooking = false));
  }, lookIntervalMs);
  timer.unref();
  return {
    lagMs() {
      const lagMs = mark === null ? 0 : Math.round(performance.now() - mark.seenAt);
      return lagMs < (options.lagToldMinMs ?? LAG_TOLD_MIN_MS) ? 0 : lagMs;
    },
    close: () => clearInterval(timer),
  };
}
