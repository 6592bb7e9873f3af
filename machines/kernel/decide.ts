import type { AnyMachineSnapshot } from "xstate";
import type { Aggregate, Decision, DomainCommand, DomainEvent, EntityState } from "./aggregate.ts";
import { definitionOf } from "./define.ts";
import { deafRegions } from "./fold.ts";
import { explain, invalidTransition, standingObjection } from "./permission.ts";
import { refuse } from "./refusal.ts";
import type { Objection } from "./refusal.ts";
import { openArrows, snapshotOf, step } from "./statechart.ts";

/** Rounds of follow-on events that one command may set off before it counts as endless. */
const ADVANCE_ROUNDS_MAX = 1_000;

/** A rule that contradicts the statechart: a bug, so the command dies and nothing is written. */
class DecideFault extends Error {
  readonly code = "DECIDE_FAULT";
}

/**
 * Judges a command: the events that it leads to, each accepted by the statechart, or a refusal with
 * its reason. All or nothing, pure, and the given state is untouched. Throws `DECIDE_FAULT` only
 * for a bug in the aggregate: follow-on events that the statechart refuses or that never end.
 */
export function decide<Context extends object>(
  aggregate: Aggregate<Context>,
  state: EntityState<Context>,
  command: DomainCommand,
): Decision<Context> {
  const snapshot = snapshotOf(aggregate.machine, state);
  const outcome = judge(aggregate, snapshot, command);
  if (isObjection(outcome)) {
    const asked = { command: command.type, caller: command.by, objection: outcome };
    return { kind: "refused", refusal: explain(aggregate, snapshot, asked) };
  }
  return { kind: "accepted", events: outcome.events, state: outcome.state as EntityState<Context> };
}

interface Folded {
  readonly events: readonly DomainEvent[];
  readonly state: AnyMachineSnapshot;
}

function judge(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  command: DomainCommand,
): Folded | Objection {
  const asked = { command: command.type, caller: command.by };
  const standing = standingObjection(aggregate, snapshot, asked);
  const definition = definitionOf(aggregate.commands, command.type);
  if (standing !== null) return standing;
  if (definition === undefined) throw new DecideFault(`no definition of ${command.type}`);
  if (definition.alias !== null) {
    const meant = definition.alias.resolve(snapshot, command);
    return isObjection(meant) ? meant : judge(aggregate, snapshot, meant);
  }
  const candidates = definition.decide(snapshot, command);
  if (isObjection(candidates)) return candidates;
  let state = snapshot;
  for (const event of candidates) {
    const objection = guardObjection(aggregate, state, { event, command: command.type });
    if (objection !== null) return objection;
    state = step(state, event);
  }
  if (candidates.length === 0) return { events: [], state };
  return advance(aggregate, { events: candidates, state }, command.now);
}

/** Lets the aggregate append what follows from the accepted events, until nothing more does. */
function advance(aggregate: Aggregate, accepted: Folded, now: string): Folded {
  const events = [...accepted.events];
  let { state } = accepted;
  for (let round = 0; round < ADVANCE_ROUNDS_MAX; round += 1) {
    const followOns = aggregate.advance?.(state, now) ?? [];
    if (followOns.length === 0) return { events, state };
    for (const event of followOns) {
      if (deafRegions(aggregate, state, event).length > 0) {
        throw new DecideFault(`${aggregate.name}: the follow-on ${event.type} is not accepted`);
      }
      state = step(state, event);
      events.push(event);
    }
  }
  throw new DecideFault(`${aggregate.name}: follow-on events do not end`);
}

function guardObjection(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  { event, command }: { event: DomainEvent; command: string },
): Objection | null {
  const deaf = deafRegions(aggregate, snapshot, event);
  if (deaf.length === 0) return null;
  const arrows = openArrows(snapshot).filter((arrow) => arrow.event === event.type);
  const region = deaf.find((name) => !arrows.some((arrow) => arrow.region === name));
  const closed = arrows.find((arrow) => deaf.includes(arrow.region));
  if (region !== undefined || closed?.guard === undefined) {
    return invalidTransition(aggregate, snapshot, command);
  }
  const explanation = aggregate.guards[closed.guard];
  return refuse("GUARD_FAILED", explanation?.message ?? `The guard ${closed.guard} says no.`, {
    guard: closed.guard,
    state: closed.state,
    ...explanation?.figures(snapshot.context as object, event),
  });
}

function isObjection(outcome: object): outcome is Objection {
  return "code" in outcome;
}
