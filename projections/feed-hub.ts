import type { Logger } from "pino";
import type { EvtReader } from "../log/index.ts";
import { findEnd, locate, type FeedPosition } from "./feed-cursor.ts";
import type { FeedLane } from "./feed-lane.ts";
import { createFeedRing, type FeedRing } from "./feed-ring.ts";
import { createFeedSleepers, type Nap } from "./feed-sleepers.ts";
import { createSupervisor } from "./supervisor.ts";

export interface FeedHubOptions {
  readonly evt: EvtReader;
  readonly lane: FeedLane;
  /** Entries kept for all readers together; who is further behind reads the stream alone. */
  readonly ringEntriesMax: number;
  readonly logger: Logger;
}

/** The one follower of `EVT` in this process. */
export interface FeedHub {
  /** The ring of the stream as it is now; another object once the stream is another one. */
  ring(): FeedRing | null;
  /** True while messages arrive as they are stored. */
  isLive(): boolean;
  /** True once `close` was called: readers end then. */
  isClosed(): boolean;
  /** Ends at the next news of the hub, after the delay, or when the signal aborts. */
  news(nap: Nap): Promise<void>;
  /**
   * The same for a reader that has read a ring to a sequence; ends at once if that is not its end
   * any more. Resolves with the position to which nothing was about what the reader waits for, to
   * go on there, or null when it has to look for itself.
   */
  newsAfter(ring: FeedRing, sequence: number, nap: Nap): Promise<FeedPosition | null>;
  /** Folds what could not be folded of an entity, now that it flows, for readers to come. */
  foldAgain(stream: string): Promise<void>;
  close(): Promise<void>;
}

/** Follows `EVT` from its end, folds every message once and tells the readers. */
export function createFeedHub({ evt, lane, ringEntriesMax, logger }: FeedHubOptions): FeedHub {
  const sleepers = createFeedSleepers();
  let ring: FeedRing | null = null;
  let isLive = false;

  /** Says which stream to go on with; the ring starts over unless it is provably the same one. */
  async function attach(): Promise<FeedRing> {
    if (ring !== null) {
      const located = await locate(evt, ring.end());
      if (located.kind === "here" && located.created === ring.created) return ring;
      logger.warn({ located }, "EVT is not the stream it was: feeds start over");
    }
    const { position, created } = await findEnd(evt);
    ring = createFeedRing({ start: position, created, entriesMax: ringEntriesMax });
    return ring;
  }

  const supervisor = createSupervisor({
    name: "feed",
    logger,
    async attempt(signal, isWell) {
      const current = await attach();
      try {
        isLive = true;
        isWell();
        sleepers.wakeAll();
        const { created } = current;
        for await (const message of evt.follow(current.end().sequence, { signal, created })) {
          const entry = await lane.fold(message);
          const before = current.end();
          current.push(entry);
          sleepers.wakeFor(entry.change, before);
        }
      } finally {
        isLive = false;
      }
    },
  });

  return {
    ring: () => ring,
    isLive: () => isLive,
    isClosed: () => supervisor.signal.aborted,
    async news(nap) {
      await sleepers.sleep(nap, () => null);
    },
    async newsAfter(from, sequence, nap) {
      if (ring !== from || from.end().sequence > sequence) return null;
      const skipTo = await sleepers.sleep(nap, () => (ring === from ? from.end() : null));
      // A reader may have started at the stream's end while the ring was still on its way there.
      return skipTo !== null && skipTo.sequence > sequence ? skipTo : null;
    },
    async foldAgain(stream) {
      const current = ring;
      for (const message of current?.unfolded(stream) ?? []) {
        current?.replace(await lane.fold(message));
      }
    },
    async close() {
      const stopped = supervisor.stop();
      sleepers.wakeAll();
      await stopped;
    },
  };
}
