import type { EvtReader } from "../log/index.ts";
import { locate, type FeedPosition } from "./feed-cursor.ts";
import type { FeedEntry, FeedLane } from "./feed-lane.ts";
import type { FeedRing } from "./feed-ring.ts";
import type { ResetReason } from "./feed.ts";
import { createSlots, type Slots } from "./slots.ts";

/** The first page is small, so that a reader who missed little waits little; then they double. */
export const PAGE_ENTRIES_FIRST = 32;
/** Entries read before the reader must take them: all that a stalled reader can hold on to. */
const PAGE_ENTRIES_MAX = 256;
/** Pages read at once in this process; other readers wait in line. */
const PAGES_AT_ONCE_MAX = 8;

/** What lies between a reader and the ring: the next entries, or why the reader cannot go on. */
export type BacklogPage =
  | { readonly kind: "entries"; readonly entries: readonly FeedEntry[] }
  | { readonly kind: "gone"; readonly reason: ResetReason };

export interface PageRequest {
  readonly position: FeedPosition;
  /** The page ends at the latest where the ring begins. */
  readonly ring: FeedRing;
  /** How many entries at most, within the bound of a page. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/** Reads the stream page by page for readers that are further behind than the ring. */
export interface FeedBacklog {
  /** Throws while NATS or MongoDB is away: ask again. */
  page(request: PageRequest): Promise<BacklogPage>;
}

/** Backlog reading, bounded for the process. Each page first checks that its position holds. */
export function createFeedBacklog(evt: EvtReader, lane: FeedLane): FeedBacklog {
  const slots: Slots = createSlots(PAGES_AT_ONCE_MAX);
  return {
    async page(request) {
      const release = await slots.take(request.signal);
      try {
        return await readPage(evt, lane, request);
      } finally {
        release();
      }
    },
  };
}

async function readPage(
  evt: EvtReader,
  lane: FeedLane,
  { position, ring, size, signal }: PageRequest,
): Promise<BacklogPage> {
  const located = await locate(evt, position);
  if (located.kind === "gone") return located;
  if (located.created !== ring.created) return { kind: "gone", reason: "STREAM_CHANGED" };
  const entries: FeedEntry[] = [];
  const count = Math.min(size, PAGE_ENTRIES_MAX);
  const { created } = located;
  for await (const message of evt.follow(position.sequence, { signal, created })) {
    entries.push(await lane.fold(message));
    if (entries.length >= count || message.sequence >= ring.after()) break;
  }
  return { kind: "entries", entries };
}
