import type { AggregateName } from "../machines/index.ts";
import type { StatusSums } from "./order-statistics.ts";
import type { EntityView } from "./view.ts";

/** Opaque outside: stream sequence + event id + stored time of that message, base64url. */
export type Cursor = string;

/** How an event moved the entity relative to the filter; unfiltered feeds see `CHANGED` only. */
export type FeedChange = "ENTERED" | "CHANGED" | "LEFT";

/** Why a feed cannot go on from its cursor: read the views again, then go on from this one. */
export type ResetReason = "CURSOR_EXPIRED" | "STREAM_CHANGED" | "CURSOR_INVALID";

/** The event behind a feed item, as much of it as a reader of the view may know. */
export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly at: string;
  readonly commandId: string;
  readonly correlationId: string;
}

export type FeedItem =
  | {
      readonly kind: "event";
      readonly cursor: Cursor;
      readonly change: FeedChange;
      readonly event: FeedEvent;
      /** The entity right before this event; null where it begins. */
      readonly before: EntityView | null;
      /** The entity after exactly this event. */
      readonly view: EntityView;
    }
  /** The backlog is sent; also the heartbeat, so that a quiet filter's cursor moves on. */
  | { readonly kind: "caughtUp"; readonly cursor: Cursor }
  | { readonly kind: "reset"; readonly cursor: Cursor; readonly reason: ResetReason };

/** The figures of all orders at a moment. Its cursor only tells it from others; none resumes. */
export interface StatisticsItem {
  readonly kind: "statistics";
  readonly cursor: Cursor;
  /** When they were read, ISO 8601 UTC. */
  readonly at: string;
  readonly byStatus: readonly StatusSums[];
}

export interface FeedOptions {
  readonly aggregate: AggregateName;
  /** Views that interest the reader; absent = all. Judged before and after each event. */
  readonly matches?: (view: EntityView) => boolean;
  /** Of those, only events for which this holds; absent = all. */
  readonly isNews?: (before: EntityView | null, after: EntityView) => boolean;
  /** The entity or the customer without whom nothing interests: spares a look at all the rest. */
  readonly about?: string;
  /** Resume after this cursor; absent = from now on. */
  readonly after?: Cursor;
  readonly signal: AbortSignal;
}

export interface EntityFeedOptions {
  readonly aggregate: AggregateName;
  readonly id: string;
  /** Resume after this cursor of the same entity; absent = from its first event. */
  readonly after?: Cursor;
  /** From now on, without the past. */
  readonly isFromNow?: boolean;
  /** Judged on the entity as it began. */
  readonly isVisible: (view: EntityView) => boolean;
  readonly signal: AbortSignal;
}

/** Every interesting event exactly once per reader, in stream order, resumable by cursor. */
export interface Feed {
  open(options: FeedOptions): AsyncIterable<FeedItem>;
  /**
   * Every event of one entity in version order: the past from the log, which keeps all of it, then
   * live. Null when there is no such entity, or none that is visible.
   */
  openEntity(options: EntityFeedOptions): Promise<AsyncIterable<FeedItem> | null>;
  /** Counts and sums of all orders, read at most once a second for all readers together. */
  openStatistics(signal: AbortSignal): AsyncIterable<StatisticsItem>;
}
