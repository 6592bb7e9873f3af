import type { EvtMessage } from "../log/index.ts";
import type { FeedPosition } from "./feed-cursor.ts";
import type { FeedEntry } from "./feed-lane.ts";

/** The newest part of the stream, folded once and shared by every reader of the process. */
export interface FeedRing {
  /** When the stream was created that the entries are of (ms). */
  readonly created: number;
  /** Every message after this sequence up to the end is here. */
  after(): number;
  /** The position after the newest entry. */
  end(): FeedPosition;
  push(entry: FeedEntry): void;
  /** What could not be folded of one entity. */
  unfolded(stream: string): readonly EvtMessage[];
  /** Puts an entry in the place of the one at its position, if that is still here. */
  replace(entry: FeedEntry): void;
  /** The next entries after a sequence that is not before `after()`, at most `count`. */
  next(sequence: number, count: number): readonly FeedEntry[];
}

export interface FeedRingOptions {
  /** Where the ring goes on. */
  readonly start: FeedPosition;
  readonly created: number;
  /** Entries kept at least; up to twice as many are. */
  readonly entriesMax: number;
}

/** An empty ring that goes on from a position of the stream. */
export function createFeedRing({ start, created, entriesMax }: FeedRingOptions): FeedRing {
  let entries: FeedEntry[] = [];
  let after = start.sequence;
  let end = start;
  return {
    created,
    after: () => after,
    end: () => end,
    push(entry) {
      entries.push(entry);
      end = entry.position;
      if (entries.length < 2 * entriesMax) return;
      // Halved now and then: cheaper than a shift for every message.
      const dropped = entries[entriesMax - 1];
      entries = entries.slice(entriesMax);
      after = dropped?.position.sequence ?? after;
    },
    unfolded: (stream) =>
      entries.flatMap(({ unfolded }) => (unfolded?.event.subject === stream ? [unfolded] : [])),
    replace(entry) {
      const { sequence } = entry.position;
      const index = firstAfter(entries, sequence - 1);
      if (entries[index]?.position.sequence === sequence) entries[index] = entry;
    },
    next(sequence, count) {
      if (sequence >= end.sequence) return [];
      const start = firstAfter(entries, sequence);
      return entries.slice(start, start + count);
    },
  };
}

function firstAfter(entries: readonly FeedEntry[], sequence: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.position.sequence ?? Infinity) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
