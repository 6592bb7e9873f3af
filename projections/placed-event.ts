import type { DomainEvent } from "../machines/index.ts";

/** An event with its place in the history of its entity. */
export interface PlacedEvent {
  readonly stream: string;
  readonly version: number;
  /** Business time, ISO 8601 UTC. */
  readonly at: string;
  /** As it was stored, whatever its schema version. */
  readonly event: DomainEvent;
}
