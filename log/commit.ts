import type { AggregateName, DomainEvent, Scope } from "../machines/index.ts";

/** Number of partitions, fixed for ever: `partition = fnv1a32(entityId) mod 64`. */
export const PARTITION_COUNT = 64;

/** Who, why and from where: kept for ever beside the events of one command. */
export interface CommitMeta {
  readonly subject: string;
  readonly scope: Scope;
  readonly command: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** HMAC of the client's own input; equal hashes make a repeat, others a reused key. */
  readonly payloadHash: string;
  readonly node: string;
  readonly epoch: number;
}

/** One command's events on one entity: one document, one insert (design 4). */
export interface Commit {
  /** The command id, a UUID. */
  readonly id: string;
  /** The entity id, a UUID. */
  readonly stream: string;
  readonly aggregate: AggregateName;
  /** Version of the FIRST event; afterwards the entity's is `version + events.length - 1`. */
  readonly version: number;
  readonly partition: number;
  /** Business time, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly meta: CommitMeta;
  readonly events: readonly DomainEvent[];
  /** Small stored answer for a repeated command; nothing personal. */
  readonly answer?: Readonly<Record<string, unknown>>;
  /** sha256(previous hash, canonical JSON of this commit without hash and server time), hex. */
  readonly hash: string;
}

/** The entity's version after this commit. */
export function lastVersion(commit: Pick<Commit, "version" | "events">): number {
  return commit.version + commit.events.length - 1;
}

/** The id of an event everywhere outside the store: `<stream>/<version>`. */
export function eventId(stream: string, version: number): string {
  return `${stream}/${String(version)}`;
}
