import type { EvtMessage, EvtReader } from "../log/index.ts";
import { ProjectionError } from "./errors.ts";
import { decodeCursor, encodeCursor, findEnd, locate } from "./feed-cursor.ts";
import type { EvtEnd, FeedPosition } from "./feed-cursor.ts";
import { PAGE_ENTRIES_FIRST, type BacklogPage, type FeedBacklog } from "./feed-backlog.ts";
import type { FeedHub } from "./feed-hub.ts";
import type { FeedEntry } from "./feed-lane.ts";
import type { FeedRing } from "./feed-ring.ts";
import { openEntityFeed, type EntitySources } from "./entity-feed.ts";
import { untilAnswered } from "./feed-wait.ts";
import { createLiveStatistics } from "./live-statistics.ts";
import { readAllTime } from "./order-statistics.ts";
import { waitForView } from "./wait-for-view.ts";
import type { Feed, FeedItem, FeedOptions, ResetReason } from "./feed.ts";

/** Readers of one process; one more is told so. */
const READERS_MAX = 10_000;
/** Entries a reader takes from the ring before it looks at the hub again. */
const SLICE_ENTRIES_MAX = 64;

export interface FeedSources extends EntitySources {
  readonly evt: EvtReader;
  readonly backlog: FeedBacklog;
  /** Waits, within a bound, until a read collection has the version of an event of the stream. */
  readonly settled: (message: EvtMessage) => Promise<void>;
}

type Sources = FeedSources & {
  /** The end of the stream, once the views have what it holds; asked once for all who wait. */
  readonly end: () => Promise<EvtEnd>;
};

/** Where a reader is: after `position`, on the stream that `ring` is the end of. */
interface Place {
  readonly ring: FeedRing;
  position: FeedPosition;
  /** Entries of the next page of the backlog. */
  pageSize: number;
}

/** The feeds of one process. `open` throws `FEEDS_EXHAUSTED` at the first read above the bound. */
export function createFeed(options: FeedSources): Feed {
  let readers = 0;
  let asked: Promise<EvtEnd> | null = null;
  // Thousands come at once after a restart. An end that was asked for a moment ago is as good.
  const end = (): Promise<EvtEnd> =>
    (asked ??= settledEnd(options).finally(() => {
      asked = null;
    }));
  const sources: Sources = { ...options, end };
  async function* counted<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    if (readers >= READERS_MAX) {
      throw new ProjectionError("FEEDS_EXHAUSTED", `${readers} feeds are open already`);
    }
    readers += 1;
    try {
      yield* items;
    } finally {
      readers -= 1;
    }
  }
  const statistics = createLiveStatistics({
    ...sources,
    read: () => readAllTime(sources.tables.order),
    open: (options) => read(sources, options),
    waitFor: (id, version, deadline) =>
      waitForView(sources.tables.order, { id, version }, deadline),
  });
  return {
    open: (options) => counted(read(sources, options)),
    openStatistics: (signal) => counted(statistics.open(signal)),
    async openEntity(options) {
      const items = await openEntityFeed(sources, options);
      return items === null ? null : counted(items);
    },
  };
}

async function settledEnd({ evt, settled }: FeedSources): Promise<EvtEnd> {
  const end = await findEnd(evt);
  if (end.message !== null) await settled(end.message);
  return end;
}

/** One reader: it pulls, so that nothing is queued for one that is slow. */
async function* read(sources: Sources, options: FeedOptions): AsyncGenerator<FeedItem> {
  let start = await begin(sources, options);
  while (start !== null) {
    const { place, reset } = start;
    const cursor = encodeCursor(place.position);
    if (reset !== null) yield { kind: "reset", cursor, reason: reset };
    const reason = yield* readFrom(sources, start, options);
    start = reason === null ? null : await startOver(sources, options.signal, reason);
  }
}

/** Reads on from a place until it turns out to be gone (the reason) or the reader ends (null). */
async function* readFrom(
  sources: Sources,
  { place, target }: Start,
  options: FeedOptions,
): AsyncGenerator<FeedItem, ResetReason | null> {
  const { hub, heartbeatMs } = sources;
  const { signal } = options;
  let isBacklogSent = false;
  let heartbeatDue = Date.now() + heartbeatMs;
  while (!signal.aborted && !hub.isClosed()) {
    const step = await next(sources, place, signal);
    if (step.kind === "gone") return step.reason;
    for (const entry of step.entries) {
      place.position = entry.position;
      const item = itemOf(entry, options);
      if (item !== null) yield item;
      if (options.signal.aborted) return null;
    }
    if (step.entries.length > 0) continue;
    // A heartbeat says that nothing is missing; silence while NATS is away says that too.
    const isFirstDue = !isBacklogSent && place.position.sequence >= target;
    if (hub.isLive() && (isFirstDue || Date.now() >= heartbeatDue)) {
      isBacklogSent = true;
      heartbeatDue = Date.now() + heartbeatMs;
      yield { kind: "caughtUp", cursor: encodeCursor(place.position) };
    } else {
      const delayMs = hub.isLive() ? heartbeatDue - Date.now() : heartbeatMs;
      const nap = { ...options, delayMs };
      const skipTo = await hub.newsAfter(place.ring, place.position.sequence, nap);
      place.position = skipTo ?? place.position;
    }
  }
  return null;
}

/** The next entries after a place: from the ring, or from the stream if the ring is too far on. */
async function next(sources: Sources, place: Place, signal: AbortSignal): Promise<BacklogPage> {
  const { hub, backlog } = sources;
  const { ring, position } = place;
  if (hub.ring() !== ring) return { kind: "gone", reason: "STREAM_CHANGED" };
  if (position.sequence >= ring.after()) {
    place.pageSize = PAGE_ENTRIES_FIRST;
    return { kind: "entries", entries: ring.next(position.sequence, SLICE_ENTRIES_MAX) };
  }
  const page = await untilAnswered(sources, signal, () =>
    backlog.page({ position, ring, size: place.pageSize, signal }),
  );
  place.pageSize *= 2;
  return page ?? { kind: "entries", entries: [] };
}

interface Start {
  readonly place: Place;
  /** The last sequence of the backlog. */
  readonly target: number;
  readonly reset: ResetReason | null;
}

/** Where a reader starts; null when it ends before NATS has answered. */
async function begin(sources: Sources, options: FeedOptions): Promise<Start | null> {
  const { evt, hub } = sources;
  const { signal, after } = options;
  if (after === undefined) return startOver(sources, signal, null);
  const position = decodeCursor(after);
  if (position === null) return startOver(sources, signal, "CURSOR_INVALID");
  const found = await untilAnswered(sources, signal, async () => {
    const ring = liveRing(hub);
    if (ring === null) return null;
    const located = await locate(evt, position);
    if (located.kind === "here" && located.created !== ring.created) return null;
    return { ring, located };
  });
  if (found === null) return null;
  const { ring, located } = found;
  if (located.kind === "gone") return startOver(sources, signal, located.reason);
  return { place: startAt(ring, position), target: located.lastSequence, reset: null };
}

function startAt(ring: FeedRing, position: FeedPosition): Place {
  return { ring, position, pageSize: PAGE_ENTRIES_FIRST };
}

/** The ring while it surely shows the stream as it is. */
function liveRing(hub: FeedHub): FeedRing | null {
  return hub.isLive() ? hub.ring() : null;
}

/**
 * A start at the end of the stream, taken before the reader reads the views. What the stream holds
 * up to here must be in the views by then, or an event would be in neither.
 */
async function startOver(
  sources: Sources,
  signal: AbortSignal,
  reset: ResetReason | null,
): Promise<Start | null> {
  const { hub, end } = sources;
  return untilAnswered(sources, signal, async () => {
    const ring = liveRing(hub);
    if (ring === null) return null;
    const { position, created } = await end();
    if (created !== ring.created) return null;
    return { place: startAt(ring, position), target: position.sequence, reset };
  });
}

/** What a reader is told of an entry, if it interests them. */
function itemOf({ position, change }: FeedEntry, options: FeedOptions): FeedItem | null {
  if (change?.aggregate !== options.aggregate) return null;
  const { matches } = options;
  const { event, before, after: view } = change;
  const did = matches === undefined || (before !== null && matches(before));
  const does = matches === undefined || matches(view);
  if ((!did && !does) || options.isNews?.(before, view) === false) return null;
  const moved = did ? (does ? "CHANGED" : "LEFT") : "ENTERED";
  return { kind: "event", cursor: encodeCursor(position), change: moved, event, before, view };
}
