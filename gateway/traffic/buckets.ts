import { LRUCache } from "lru-cache";

/** How many seconds' worth of quiet time somebody may save up and spend at once. */
const BURST_S = 10;
/** Those seen longest ago are forgotten first, and begin with a full bucket again. */
const BUCKETS_MAX = 50_000;

/** Token buckets under names, in bounded memory. */
export interface Buckets {
  /** Takes what is asked for and answers 0, or takes nothing and answers the ms to wait. */
  take(name: string, amount: number, perSecond: number): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Makes buckets that fill by `perSecond`; `now` is in milliseconds and never goes back. */
export function createBuckets(now: () => number): Buckets {
  const buckets = new LRUCache<string, Bucket>({ max: BUCKETS_MAX });
  return {
    take(name, amount, perSecond) {
      if (perSecond === 0) return 0;
      const capacity = perSecond * BURST_S;
      const time = now();
      const bucket = buckets.get(name) ?? { tokens: capacity, at: time };
      const refilled = bucket.tokens + ((time - bucket.at) / 1_000) * perSecond;
      const tokens = Math.min(capacity, refilled);
      // What is larger than the bucket passes a full one, which then owes the rest.
      const missing = Math.min(amount, capacity) - tokens;
      buckets.set(name, { tokens: missing > 0 ? tokens : tokens - amount, at: time });
      return missing > 0 ? Math.ceil((missing / perSecond) * 1_000) : 0;
    },
  };
}
