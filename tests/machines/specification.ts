/**
 * Given a history, when a command comes, then these events, or a refusal. Everything goes through
 * the kernel's front door, and every accepted decision is checked on the way: its events satisfy
 * their schemas exactly, and folding them leads to the decided state.
 */
import { expect } from "vitest";
import { applyEvent, decide, initialState } from "../../machines/index.ts";
import type {
  Aggregate,
  Decision,
  DomainCommand,
  DomainEvent,
  EntityState,
  Refusal,
} from "../../machines/index.ts";

/** The state after a history. */
export function fold<Context extends object>(
  aggregate: Aggregate<Context>,
  events: readonly DomainEvent[],
): EntityState<Context> {
  return events.reduce(
    (state, event) => applyEvent(aggregate, state, event),
    initialState(aggregate),
  );
}

/** A state as it is stored: plain JSON. */
export function plain<Context extends object>(state: EntityState<Context>): EntityState<Context> {
  const { value, context } = state;
  return JSON.parse(JSON.stringify({ value, context })) as EntityState<Context>;
}

/** Decides, and holds an acceptance to what every acceptance promises. */
export function judged<Context extends object>(
  aggregate: Aggregate<Context>,
  state: EntityState<Context>,
  command: DomainCommand,
): Decision<Context> {
  const decision = decide(aggregate, state, command);
  if (decision.kind === "refused") return decision;
  for (const { type, data } of decision.events) {
    expect(aggregate.events[type]?.schema.parse(data)).toEqual(data);
  }
  const folded = decision.events.reduce((at, event) => applyEvent(aggregate, at, event), state);
  expect(plain(folded)).toEqual(plain(decision.state));
  return decision;
}

/** `specify(orderAggregate).given([created]).when(cancel).then([cancelled])`. */
export function specify<Context extends object>(aggregate: Aggregate<Context>) {
  const given = (events: readonly DomainEvent[]) => ({
    state: fold(aggregate, events),
    when: (command: DomainCommand) => {
      const decision = judged(aggregate, fold(aggregate, events), command);
      return { then: expectEvents(decision), refuses: expectRefusal(decision) };
    },
  });
  return { given };
}

function expectEvents(decision: Decision) {
  return (events: readonly Pick<DomainEvent, "type" | "data">[]): void => {
    expect(decision).toMatchObject({ kind: "accepted" });
    if (decision.kind !== "accepted") return;
    expect(decision.events.map(({ type, data }) => ({ type, data }))).toEqual(
      events.map(({ type, data }) => ({ type, data })),
    );
  };
}

function expectRefusal(decision: Decision) {
  return (code: string, details?: Readonly<Record<string, unknown>>): Refusal => {
    if (decision.kind !== "refused") throw new Error(`accepted, instead of refused with ${code}`);
    expect(decision.refusal.code).toBe(code);
    if (details !== undefined) expect(decision.refusal.details).toEqual(details);
    return decision.refusal;
  };
}
