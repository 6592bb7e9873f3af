import { UUID } from "mongodb";
import type { Logger } from "pino";
import type { EventStore } from "../log/index.ts";
import type { AggregateName } from "../machines/index.ts";
import { entityPast, newestVersion, type PastOptions } from "./entity-past.ts";
import { decodeEntityCursor, encodeEntityCursor } from "./feed-cursor.ts";
import type { FeedHub } from "./feed-hub.ts";
import type { FeedChangeEntry } from "./feed-lane.ts";
import type { FeedRing } from "./feed-ring.ts";
import { untilAnswered } from "./feed-wait.ts";
import type { EntityFeedOptions, FeedItem } from "./feed.ts";
import type { Skips } from "./skips.ts";
import type { ViewTable } from "./view-table.ts";

/** Entries a reader takes from the ring before it looks at the hub again. */
const SLICE_ENTRIES_MAX = 64;

export interface EntitySources {
  readonly hub: FeedHub;
  readonly store: EventStore;
  readonly skips: Skips;
  readonly tables: Readonly<Record<AggregateName, ViewTable>>;
  readonly logger: Logger;
  readonly heartbeatMs: number;
}

interface Reading {
  readonly sources: EntitySources;
  readonly past: PastOptions;
  readonly signal: AbortSignal;
  /** The version that the reader has. */
  seen: number;
  /** When the reader is told next that it is caught up (ms). */
  heartbeatDue: number;
}

/**
 * The events of one entity in version order. The ring's end is taken before the log is read, so
 * what the log does not hold yet comes by the ring; where the ring cannot say that nothing is
 * missing, the log is read again. So it needs no `EVT` for the past, and no cursor is ever too old.
 * Null when the entity does not exist or is not visible. Throws `STORE_UNAVAILABLE`.
 */
export async function openEntityFeed(
  sources: EntitySources,
  options: EntityFeedOptions,
): Promise<AsyncIterable<FeedItem> | null> {
  const { aggregate, id, isVisible } = options;
  if (!UUID.isValid(id)) return null;
  const { store, skips, tables } = sources;
  const past = { store, skips, table: tables[aggregate], aggregate, id };
  const [first] = await (await entityPast(past, 0)).next();
  return first === undefined || !isVisible(first.after) ? null : read(sources, past, options);
}

async function* read(
  sources: EntitySources,
  past: PastOptions,
  { after, isFromNow = false, signal }: EntityFeedOptions,
): AsyncGenerator<FeedItem> {
  const newest = () => untilAnswered(sources, signal, () => newestVersion(past));
  const wanted = after === undefined ? 0 : decodeEntityCursor(past.id, after);
  const isUnsure = isFromNow || wanted !== 0;
  const head = isUnsure ? ((await newest()) ?? 0) : 0;
  const isForged = wanted === null || (wanted > head && !isFromNow);
  const seen = isFromNow || isForged ? head : wanted;
  const reading: Reading = { sources, past, signal, seen, heartbeatDue: 0 };
  if (isForged) {
    yield { kind: "reset", cursor: encodeEntityCursor(past.id, head), reason: "CURSOR_INVALID" };
  }
  const { hub } = sources;
  while (!signal.aborted && !hub.isClosed()) {
    const ring = hub.ring();
    const sequence = ring?.end().sequence ?? 0;
    yield* fromLog(reading);
    if (ring === null) await hub.news({ signal, delayMs: sources.heartbeatMs });
    else yield* fromRing(reading, ring, sequence);
  }
}

/** What the log holds after the version that the reader has. */
async function* fromLog(reading: Reading): AsyncGenerator<FeedItem> {
  const { sources, past, signal } = reading;
  const start = () => untilAnswered(sources, signal, () => entityPast(past, reading.seen));
  const history = await start();
  for (;;) {
    const page = await untilAnswered(sources, signal, async () => (await history?.next()) ?? []);
    if (page === null || page.length === 0) return;
    for (const change of page) {
      if (signal.aborted) return;
      reading.seen = change.after.version;
      yield itemOf(change);
    }
  }
}

/** What comes by the ring, until the log has to be asked again or the reader ends. */
async function* fromRing(reading: Reading, ring: FeedRing, from: number): AsyncGenerator<FeedItem> {
  const { sources, past, signal } = reading;
  const { hub, heartbeatMs } = sources;
  let sequence = from;
  while (!signal.aborted && !hub.isClosed()) {
    if (hub.ring() !== ring || sequence < ring.after()) return;
    const entries = ring.next(sequence, SLICE_ENTRIES_MAX);
    for (const { position, change } of entries) {
      sequence = position.sequence;
      if (change?.after.id !== past.id || change.after.version <= reading.seen) continue;
      if (change.after.version !== reading.seen + 1) return;
      reading.seen = change.after.version;
      yield itemOf(change);
    }
    if (entries.length > 0) continue;
    const isLive = hub.isLive();
    if (isLive && Date.now() >= reading.heartbeatDue) {
      reading.heartbeatDue = Date.now() + heartbeatMs;
      yield { kind: "caughtUp", cursor: encodeEntityCursor(past.id, reading.seen) };
    } else {
      const delayMs = isLive ? reading.heartbeatDue - Date.now() : heartbeatMs;
      const nap = { about: past.id, signal, delayMs };
      sequence = (await hub.newsAfter(ring, sequence, nap))?.sequence ?? sequence;
    }
  }
}

function itemOf({ event, before, after }: FeedChangeEntry): FeedItem {
  const cursor = encodeEntityCursor(after.id, after.version);
  return { kind: "event", cursor, change: "CHANGED", event, before, view: after };
}
