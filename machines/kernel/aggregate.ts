import type { AnyStateMachine, StateValue } from "xstate";
import type { z } from "zod";
import type { Objection, Refusal } from "./refusal.ts";

/** The aggregates of this system; also the `t` of a commit and the context of a NATS subject. */
export type AggregateName = "order" | "product";

/** What a token may do (design 6). `internal`: reactor, timers and provider webhook. */
export type Scope = "customer" | "operator" | "service" | "internal";

/** Who sends a command: `subject` is the token's `sub`, for a customer the customer id. */
export interface Caller {
  readonly subject: string;
  readonly scope: Scope;
}

/** A fact. `type` is past tense, `schemaVersion` counts the shapes that `data` has had. */
export interface DomainEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: object;
}

/** A request. Time, ids and prices are in it already: `decide` reads no clock. */
export interface DomainCommand {
  readonly type: string;
  readonly data: object;
  /** ISO 8601, UTC, milliseconds: the moment at which the command counts as sent. */
  readonly now: string;
  readonly by: Caller;
}

/** Where an entity stands: the statechart's value and context, as plain JSON. */
export interface EntityState<Context extends object = object> {
  readonly value: StateValue;
  readonly context: Context;
}

/**
 * What `decide` says. `accepted` with no events is a no-change answer: nothing is written.
 * `state` is the state that the events lead to, folded once, for the live actor to take over.
 */
export type Decision<Context extends object = object> =
  | {
      readonly kind: "accepted";
      readonly events: readonly DomainEvent[];
      readonly state: EntityState<Context>;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** One event type: its schema now, how older versions become it, and who must accept it. */
export interface EventDefinition {
  readonly schema: z.ZodType;
  readonly schemaVersion: number;
  /**
   * The regions that must each have an enabled transition for the event to be accepted. Others may
   * have one as well, where the event ends something of theirs.
   */
  readonly regions: readonly string[];
  /** `upcasters[n]` turns data of version n into data of version n + 1. */
  readonly upcasters?: Readonly<Record<number, (data: object) => object>>;
}

/** One command type: its input, who may send it, and the pure rule that turns it into events. */
export interface CommandDefinition<Context extends object = object> {
  /** What a client may send; mirrored into GraphQL; the payload hash covers exactly this. */
  readonly input: z.ZodObject;
  /** What the gateway adds: ids, product snapshots, the order number. */
  readonly facts: z.ZodObject;
  /** Both together: the shape of `command.data`. */
  readonly schema: z.ZodType;
  readonly scopes: readonly Scope[];
  readonly description: string;
  /** True for a command that may come before the first event; every other is `NOT_FOUND` then. */
  readonly creates: boolean;
  /**
   * True for a command that brings an answer from elsewhere: it is judged wherever the entity
   * stands, because an answer that is refused is an answer that is lost.
   */
  readonly isAnswer: boolean;
  /** A command that only ever stands for exactly one of some others; the kernel judges that one. */
  readonly alias: CommandAlias<Context> | null;
  /** A better reason than INVALID_TRANSITION where the statechart has no arrow; or null. */
  impossible(state: EntityState<Context>): Objection | null;
  /** Why the command is refused whatever its data says, beyond the statechart; or null. */
  objection(state: EntityState<Context>): Objection | null;
  /** The rule. Data is schema-valid and the statechart has a transition for the command. */
  decide(state: EntityState<Context>, command: DomainCommand): readonly DomainEvent[] | Objection;
}

/** How a command that has no rule of its own becomes another one. */
export interface CommandAlias<Context extends object = object> {
  readonly of: readonly string[];
  resolve(state: EntityState<Context>, command: DomainCommand): DomainCommand | Objection;
}

/** Says in words and figures what a named guard of the statechart found wrong. */
export interface GuardExplanation<Context extends object = object> {
  readonly message: string;
  figures(context: Context, event: DomainEvent): Readonly<Record<string, unknown>>;
}

/** A moment at which a command is due. `part` tells apart several of one kind on one entity. */
export interface Deadline {
  readonly id: string;
  readonly part: string | null;
  readonly command: string;
  /** The command's data. */
  readonly data: object;
  /** ISO 8601, absolute. */
  readonly dueAt: string;
}

/** Everything the kernel needs to know of one kind of entity. */
export interface Aggregate<Context extends object = object> {
  readonly name: AggregateName;
  readonly machine: AnyStateMachine;
  readonly events: Readonly<Record<string, EventDefinition>>;
  readonly commands: Readonly<Record<string, CommandDefinition<Context>>>;
  readonly guards: Readonly<Record<string, GuardExplanation<Context>>>;
  /** Whether its first event has happened. */
  exists(state: EntityState<Context>): boolean;
  /** Whether the entity exists for this caller at all; if not, every command is `NOT_FOUND`. */
  isVisibleTo(state: EntityState<Context>, caller: Caller): boolean;
  /** Follow-on events of an accepted command, appended to the same commit until it returns none. */
  advance?(state: EntityState<Context>, now: string): readonly DomainEvent[];
  /** Deadlines that stand in the context instead of on a state. */
  deadlines?(state: EntityState<Context>): readonly Deadline[];
}
