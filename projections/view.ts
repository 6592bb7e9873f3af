import type { EnteredVersions, EntityState } from "../machines/index.ts";

/**
 * An entity as a reader sees it: the statechart's state after exactly `version` events. The same
 * shape comes from a command's answer, a read collection, a feed and time travel, so that a reader
 * cannot tell them apart. Everything else (status, totals) is derived from `state` by machines/.
 */
export interface EntityView<Context extends object = object> {
  readonly id: string;
  readonly version: number;
  /** Business time of the first and of the last event, ISO 8601 UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly state: EntityState<Context>;
}

/** A view as its projector knows it: also since which version each of its deadlines stands. */
export interface MarkedView extends EntityView {
  readonly entered: EnteredVersions;
  /** What the reports remember of it, see `notes.ts`; null where they need nothing. */
  readonly notes: object | null;
}
