import type { Logger } from "pino";
import type { EventStore, EvtMessage } from "../log/index.ts";
import { aggregates, type AggregateName, type DomainEvent } from "../machines/index.ts";
import { positionOf, type FeedPosition } from "./feed-cursor.ts";
import type { FeedEvent } from "./feed.ts";
import { evolveSkipping, placedEvents } from "./evolve.ts";
import { isUnfoldable, ProjectionError } from "./errors.ts";
import type { RecentViews } from "./recent-views.ts";
import { nothingSkipped, type Skips } from "./skips.ts";
import type { EntityView } from "./view.ts";
import type { ViewTable } from "./view-table.ts";

/** An event with the entity right before and right after it. */
export interface FeedChangeEntry {
  readonly aggregate: AggregateName;
  readonly event: FeedEvent;
  readonly before: EntityView | null;
  readonly after: EntityView;
}

/** A message of the stream with what it did; null where it cannot be folded. */
export interface FeedEntry {
  readonly position: FeedPosition;
  readonly change: FeedChangeEntry | null;
  /** The message, where it cannot be folded: it may be once its event is skipped. */
  readonly unfolded?: EvtMessage;
}

export interface LaneOptions {
  readonly store: EventStore;
  readonly skips: Skips;
  readonly tables: Readonly<Record<AggregateName, ViewTable>>;
  /** What the projectors have just folded. */
  readonly recent: RecentViews;
  /** What this lane has passed. */
  readonly passed: RecentViews;
  readonly logger: Logger;
}

/** Folds messages of the stream, each entity to exactly the message's version. */
export interface FeedLane {
  /** Throws only when MongoDB cannot be read: fold the same message again. */
  fold(message: EvtMessage): Promise<FeedEntry>;
}

/** A lane remembers what it has passed; passes at very different places need lanes of their own. */
export function createFeedLane(options: LaneOptions): FeedLane {
  return {
    async fold(message) {
      const position = positionOf(message);
      try {
        return { position, change: await changeOf(message, options) };
      } catch (error) {
        if (!isUnfoldable(error)) throw error;
        options.logger.error({ err: error, event: message.event.id }, "event not fed");
        return { position, change: null, unfolded: message };
      }
    },
  };
}

/** What a message did. An event that was skipped is told, and changes nothing. */
async function changeOf(message: EvtMessage, options: LaneOptions): Promise<FeedChangeEntry> {
  const placed = readEvent(message);
  if (placed === null) throw new ProjectionError("EVENT_UNREADABLE", "No event of ours");
  const { aggregate, stream } = placed;
  const fold = (skipped: ReadonlySet<number>) => around({ placed, skipped }, options);
  const folded = await fold(nothingSkipped).catch(async (error: unknown) => {
    const skipped = isUnfoldable(error) ? await options.skips(aggregate, stream) : nothingSkipped;
    if (skipped.size === 0) throw error;
    return fold(skipped);
  });
  return { aggregate, event: feedEvent(message, placed), ...folded };
}

interface Folding {
  readonly placed: EvtEvent;
  /** Versions that are passed over where they cannot be folded. */
  readonly skipped: ReadonlySet<number>;
}

/** The entity right before and right after an event. */
async function around(
  folding: Folding,
  options: LaneOptions,
): Promise<{ readonly before: EntityView | null; readonly after: EntityView }> {
  const { placed } = folding;
  const { aggregate, stream, version } = placed;
  const { recent, passed } = options;
  const before = version === 1 ? null : await viewBefore(folding, options);
  const after =
    recent.at(stream, version) ??
    passed.at(stream, version) ??
    evolveSkipping(aggregates[aggregate], before, folding);
  passed.put(after);
  return { before, after };
}

/** An event of the stream with its place in the history of its entity. */
export interface EvtEvent {
  readonly aggregate: AggregateName;
  readonly stream: string;
  readonly version: number;
  readonly at: string;
  readonly event: DomainEvent;
}

const TYPE = /^statecart\.(?<aggregate>[a-z]+)\.(?<type>[A-Za-z]+)\.v(?<schemaVersion>\d+)$/;

/** The event in a message, or null when it is none of ours. */
export function readEvent({ event }: EvtMessage): EvtEvent | null {
  const { aggregate = "", type = "", schemaVersion } = TYPE.exec(event.type)?.groups ?? {};
  const version = Number(event.sequence);
  if (!isAggregate(aggregate) || !Number.isSafeInteger(version) || version < 1) return null;
  return {
    aggregate,
    stream: event.subject,
    version,
    at: event.time,
    event: { type, schemaVersion: Number(schemaVersion), data: event.data },
  };
}

function isAggregate(name: string): name is AggregateName {
  return Object.hasOwn(aggregates, name);
}

function feedEvent({ event }: EvtMessage, { version, at, event: { type } }: EvtEvent): FeedEvent {
  const { id, commandid, correlationid } = event;
  return { id, type, version, at, commandId: commandid, correlationId: correlationid };
}

/** The view right before an event: remembered, else its row if that is not newer, else folded. */
async function viewBefore(
  { placed: { aggregate, stream, version }, skipped }: Folding,
  { recent, passed, tables, store }: LaneOptions,
): Promise<EntityView | null> {
  const wanted = version - 1;
  const remembered = passed.at(stream, wanted) ?? recent.at(stream, wanted);
  if (remembered !== undefined) return remembered;
  const row = (await tables[aggregate].load([stream], () => false)).get(stream);
  let view: EntityView | null = row !== undefined && row.version <= wanted ? row : null;
  if (view?.version === wanted) return view;
  for (const commit of await store.read(stream, view?.version ?? 0, wanted)) {
    for (const placed of placedEvents(commit)) {
      if (placed.version > wanted) break;
      view = evolveSkipping(aggregates[aggregate], view, { placed, skipped });
    }
  }
  return view;
}
