import type { FeedChangeEntry } from "./feed-lane.ts";
import type { FeedPosition } from "./feed-cursor.ts";
import type { EntityView } from "./view.ts";

/** What a reader waits for. */
export interface Nap {
  /** Only news about this entity, or about this customer's orders; absent = any news. */
  readonly about?: string;
  readonly delayMs: number;
  readonly signal: AbortSignal;
}

/** Readers that have read to the end and wait for more. */
export interface FeedSleepers {
  /**
   * Resolves at news, after the delay, or when the signal aborts: with the position to which
   * nothing was about what the reader waits for, or null when it has to look for itself.
   */
  sleep(nap: Nap, end: () => FeedPosition | null): Promise<FeedPosition | null>;
  wakeAll(): void;
  /** Wakes whom an entry concerns, the others sleep on; `before` is the position before it. */
  wakeFor(change: FeedChangeEntry | null, before: FeedPosition): void;
}

type Wake = (skipTo: FeedPosition | null) => void;

/**
 * Thousands of customers watch their own orders, and an event concerns one of them: whoever says
 * what they wait for costs nothing while other things happen.
 */
export function createFeedSleepers(): FeedSleepers {
  const any = new Set<Wake>();
  const byTopic = new Map<string, Set<Wake>>();

  const bedOf = (about: string | undefined): Set<Wake> => {
    if (about === undefined) return any;
    const bed = byTopic.get(about) ?? new Set();
    byTopic.set(about, bed);
    return bed;
  };

  return {
    sleep: ({ about, delayMs, signal }, end) =>
      new Promise((resolve) => {
        const bed = bedOf(about);
        const wake: Wake = (skipTo) => {
          clearTimeout(timer);
          bed.delete(wake);
          if (about !== undefined && bed.size === 0) byTopic.delete(about);
          signal.removeEventListener("abort", onAbort);
          resolve(about === undefined ? null : skipTo);
        };
        const onAbort = (): void => wake(null);
        const timer = setTimeout(() => wake(end()), delayMs);
        bed.add(wake);
        signal.addEventListener("abort", onAbort, { once: true });
        if (signal.aborted) onAbort();
      }),
    wakeAll() {
      for (const bed of [any, ...byTopic.values()]) for (const wake of [...bed]) wake(null);
    },
    wakeFor(change, before) {
      for (const wake of [...any]) wake(null);
      for (const topic of change === null ? [] : topicsOf(change.after)) {
        for (const wake of [...(byTopic.get(topic) ?? [])]) wake(before);
      }
    },
  };
}

/** What an event is about: its entity, and the customer whose it is. */
function topicsOf({ id, state }: EntityView): readonly string[] {
  const { customerId } = state.context as { readonly customerId?: unknown };
  return typeof customerId === "string" && customerId !== id ? [id, customerId] : [id];
}
