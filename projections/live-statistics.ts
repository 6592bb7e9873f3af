import type { Logger } from "pino";
import type { FeedItem, FeedOptions, StatisticsItem } from "./feed.ts";
import type { StatusSums } from "./order-statistics.ts";

/** However much happens, the figures are read no more often. */
const INTERVAL_MIN_MS = 1_000;
/** Reading them may take at most this share of the time. */
const READING_SHARE_MAX = 0.1;
/** How long the read collection is waited for, so that the figures are not of before the news. */
const SETTLE_TIME_MAX_MS = 2_000;
/** Orders that are waited for one by one; of more, only the last that were heard of. */
const PENDING_ORDERS_MAX = 1_000;

export interface LiveStatisticsOptions {
  readonly read: () => Promise<readonly StatusSums[]>;
  readonly open: (options: FeedOptions) => AsyncIterable<FeedItem>;
  /** True once the read collection has the version, false at the deadline (ms since the epoch). */
  readonly waitFor: (id: string, version: number, deadline: number) => Promise<boolean>;
  readonly heartbeatMs: number;
  readonly logger: Logger;
}

/** The figures of all orders, read once for everyone who watches them. */
export interface LiveStatistics {
  /** The newest figures, then newer ones as they change; one that is slow misses some. */
  open(signal: AbortSignal): AsyncIterable<StatisticsItem>;
}

/** Reads only while somebody watches. */
export function createLiveStatistics(options: LiveStatisticsOptions): LiveStatistics {
  const watchers = new Set<() => void>();
  let latest: StatisticsItem | null = null;
  let count = 0;
  let stop: AbortController | null = null;

  const publish = (byStatus: readonly StatusSums[]): void => {
    count += 1;
    const cursor = Buffer.from(`statistics ${String(count)}`).toString("base64url");
    latest = { kind: "statistics", cursor, at: new Date().toISOString(), byStatus };
    for (const wake of [...watchers]) wake();
  };

  const enter = (wake: () => void): void => {
    watchers.add(wake);
    if (stop !== null) return;
    const { signal } = (stop = new AbortController());
    latest = null;
    const publishUnlessStopped = (byStatus: readonly StatusSums[]): void => {
      if (!signal.aborted) publish(byStatus);
    };
    void keepReading(options, publishUnlessStopped, signal);
  };

  const leave = (wake: () => void): void => {
    watchers.delete(wake);
    if (watchers.size > 0) return;
    stop?.abort();
    stop = null;
  };

  return {
    async *open(signal) {
      let isNews: (() => void) | null = null;
      const wake = (): void => isNews?.();
      signal.addEventListener("abort", wake, { once: true });
      enter(wake);
      try {
        for (let seen: StatisticsItem | null = null; !signal.aborted;) {
          if (latest !== null && latest !== seen) {
            seen = latest;
            yield latest;
          } else {
            await new Promise<void>((resolve) => (isNews = resolve));
          }
        }
      } finally {
        signal.removeEventListener("abort", wake);
        leave(wake);
      }
    },
  };
}

/** Reads at the start, whenever orders have changed, and as a heartbeat, within the bounds. */
async function keepReading(
  options: LiveStatisticsOptions,
  publish: (byStatus: readonly StatusSums[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { read, waitFor, heartbeatMs, logger } = options;
  const changed = new Map<string, number>();
  const nap = createNap(signal);
  void follow(options, signal, (id, version) => {
    changed.delete(id);
    changed.set(id, version);
    if (changed.size > PENDING_ORDERS_MAX) changed.delete(changed.keys().next().value ?? "");
    nap.wake();
  });
  while (!signal.aborted) {
    const started = Date.now();
    const pending = [...changed];
    changed.clear();
    try {
      const deadline = started + SETTLE_TIME_MAX_MS;
      const seen = await Promise.all(
        pending.map(([id, version]) => waitFor(id, version, deadline)),
      );
      pending.forEach(([id, version], index) => {
        // Read anew in the next round: the figures of this one may be without it.
        if (seen[index] === false && !changed.has(id)) changed.set(id, version);
      });
      const readAt = Date.now();
      publish(await read());
      await nap.sleep(Math.max(INTERVAL_MIN_MS, (Date.now() - readAt) / READING_SHARE_MAX), false);
    } catch (err) {
      logger.debug({ err }, "the live statistics wait");
      await nap.sleep(INTERVAL_MIN_MS, false);
      continue;
    }
    if (changed.size === 0) await nap.sleep(heartbeatMs, true);
  }
}

/** Hears of every order event; ends with the signal or the feed. */
async function follow(
  { open, logger }: LiveStatisticsOptions,
  signal: AbortSignal,
  onChange: (id: string, version: number) => void,
): Promise<void> {
  try {
    for await (const item of open({ aggregate: "order", signal })) {
      if (item.kind === "event") onChange(item.view.id, item.view.version);
    }
  } catch (err) {
    logger.warn({ err }, "the live statistics hear of no more orders");
  }
}

/** Sleeps that the signal, and where wanted a wake-up, cut short. */
function createNap(signal: AbortSignal) {
  let wakeUp: (() => void) | null = null;
  return {
    wake: (): void => wakeUp?.(),
    sleep: (delayMs: number, isLight: boolean) =>
      new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          wakeUp = null;
          resolve();
        };
        const timer = setTimeout(end, delayMs);
        signal.addEventListener("abort", end, { once: true });
        if (isLight) wakeUp = end;
        if (signal.aborted) end();
      }),
  };
}
