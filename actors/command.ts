import type {
  AggregateName,
  DomainCommand,
  DomainEvent,
  EntityState,
  Refusal,
} from "../machines/index.ts";

/** A command on its way to one entity, with all that a fair judge needs. */
export interface CommandEnvelope {
  /** UUID; `uuidv5(subject, idempotencyKey)` or fresh. The same id is answered once, for ever. */
  readonly commandId: string;
  readonly aggregate: AggregateName;
  readonly entityId: string;
  readonly command: DomainCommand;
  /** HMAC over the client's own input only. */
  readonly payloadHash: string;
  /** The version the sender looked at; 0 = the entity is new. Checked when given. */
  readonly expectedVersion?: number;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** Milliseconds since the epoch; past it an attempt ends with its outcome unknown. */
  readonly deadline: number;
}

/**
 * The proved answer. `accepted`: `events` are durable and `state` is the entity right after them;
 * `version` is the version of the last one; `repeated` = the stored answer of an earlier send.
 * `unchanged`: nothing to do, nothing written. `refused`: nothing written; `VERSION_CONFLICT` and
 * `IDEMPOTENCY_KEY_REUSED` are refusals too. `failed`: `OVERLOADED` (this attempt was not started;
 * says nothing about an earlier one), `UNAVAILABLE` (the outcome is open: send the same id again)
 * or `FAULT` (a bug met on the way: nothing was written; it is logged with the correlation id).
 */
export type CommandOutcome =
  | {
      readonly kind: "accepted";
      readonly version: number;
      readonly state: EntityState;
      readonly events: readonly DomainEvent[];
      readonly at: string;
      readonly repeated: boolean;
    }
  | {
      readonly kind: "unchanged";
      readonly version: number;
      readonly state: EntityState;
      readonly at: string;
    }
  | { readonly kind: "refused"; readonly version: number; readonly refusal: Refusal }
  | {
      readonly kind: "failed";
      readonly code: "OVERLOADED" | "UNAVAILABLE" | "FAULT";
      readonly message: string;
    };

/** Finds the entity of a command, in this process or (later) another, and brings its answer. */
export interface CommandBus {
  send(envelope: CommandEnvelope): Promise<CommandOutcome>;
  /** Takes no further command, lets those under way end, and stops every actor. */
  close(): Promise<void>;
}
