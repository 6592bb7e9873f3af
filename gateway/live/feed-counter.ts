import type { LiveItem } from "./hub.ts";
import type { FeedTarget } from "./reading.ts";

/** Subscriptions of one process; `messages` and `resets` are those sent since the start. */
export interface FeedCounts {
  readonly readers: number;
  readonly executions: number;
  readonly messages: number;
  readonly resets: Readonly<Record<string, number>>;
}

/** Counts who reads and what they are sent. */
export interface FeedCounter {
  /** Counts a reader until its target is told that it has ended. */
  entered(target: FeedTarget): FeedTarget;
  readonly sent: (item: LiveItem) => void;
  counts(executions: number): FeedCounts;
}

/** A counter at nothing. */
export function createFeedCounter(): FeedCounter {
  let readers = 0;
  let messages = 0;
  const resets: Record<string, number> = {};
  return {
    entered(target) {
      readers += 1;
      return {
        ...target,
        onEnd(error) {
          readers -= 1;
          target.onEnd(error);
        },
      };
    },
    sent(item) {
      messages += 1;
      if (item.kind === "reset") resets[item.reason] = (resets[item.reason] ?? 0) + 1;
    },
    counts: (executions) => ({ readers, executions, messages, resets: { ...resets } }),
  };
}
