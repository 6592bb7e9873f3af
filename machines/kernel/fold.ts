import type { AnyMachineSnapshot } from "xstate";
import type { Aggregate, DomainEvent, EntityState } from "./aggregate.ts";
import { definitionOf } from "./define.ts";
import { snapshotOf, startSnapshot, step, takenBy } from "./statechart.ts";

/** A stored event that today's code cannot fold; whoever reads adds stream and version. */
class ReplayFault extends Error {
  readonly code = "REPLAY_FAULT";
}

/** The state before the first event. */
export function initialState<Context extends object>(
  aggregate: Aggregate<Context>,
): EntityState<Context> {
  return startSnapshot(aggregate.machine) as EntityState<Context>;
}

/**
 * The state after a stored event of any version. Throws `REPLAY_FAULT` when the event is unknown or
 * a region that must take it does not: the history and the code contradict each other.
 */
export function applyEvent<Context extends object>(
  aggregate: Aggregate<Context>,
  state: EntityState<Context>,
  event: DomainEvent,
): EntityState<Context> {
  const current = upcast(aggregate, event);
  const snapshot = snapshotOf(aggregate.machine, state);
  const deaf = deafRegions(aggregate, snapshot, current);
  if (deaf.length > 0) {
    throw new ReplayFault(
      `${aggregate.name}: ${event.type} v${event.schemaVersion} is not accepted by ` +
        `${deaf.join(", ")} in the state ${JSON.stringify(snapshot.value)}`,
    );
  }
  return step(snapshot, current) as EntityState<Context>;
}

/** An event in its present version; throws `REPLAY_FAULT` when there is no way to it. */
export function upcast(aggregate: Aggregate, stored: DomainEvent): DomainEvent {
  const definition = definitionOf(aggregate.events, stored.type);
  if (definition === undefined) {
    throw new ReplayFault(`${aggregate.name}: there is no event ${stored.type}`);
  }
  if (stored.schemaVersion === definition.schemaVersion) return stored;
  let data = stored.data;
  for (let version = stored.schemaVersion; version !== definition.schemaVersion; version += 1) {
    const next = definition.upcasters?.[version];
    if (next === undefined) {
      throw new ReplayFault(
        `${aggregate.name}: ${stored.type} v${stored.schemaVersion} does not lead to ` +
          `v${definition.schemaVersion}: v${version} has no upcaster`,
      );
    }
    data = next(data);
  }
  return { type: stored.type, schemaVersion: definition.schemaVersion, data };
}

/** The regions that must take an event and do not; empty = the statechart accepts it. */
export function deafRegions(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  event: DomainEvent,
): readonly string[] {
  const taken = takenBy(snapshot, event);
  const needed = aggregate.events[event.type]?.regions ?? [];
  return needed.filter((region) => !taken.has(region));
}
