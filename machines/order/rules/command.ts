import type { Scope } from "../../kernel/aggregate.ts";
import { commandsOf } from "../../kernel/define.ts";
import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import type { OrderContext } from "../state.ts";

/** Defines a command of an order. */
export const orderCommand = commandsOf<OrderContext>();

/** Whoever shops, and whoever serves them. */
export const EVERYBODY: readonly Scope[] = ["customer", "operator", "service"];

/** Whoever serves. */
export const STAFF: readonly Scope[] = ["operator", "service"];

/** The reactor, the timers and the provider's webhook. */
export const INTERNAL: readonly Scope[] = ["internal"];

/** The objection to a deadline's command before its moment, by absolute times; null when due. */
export function notDue(dueAt: string | null | undefined, now: string): Objection | null {
  if (dueAt === null || dueAt === undefined) {
    return refuse("INVALID_TRANSITION", "There is no such deadline.");
  }
  return now >= dueAt ? null : refuse("NOT_DUE", `That is due at ${dueAt}.`, { dueAt });
}
