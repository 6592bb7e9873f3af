/**
 * Deadlines as data. A state says which command is due when (`meta.timers`), the context says it
 * for what there can be several of (`deadlines`); a projection folds both into timer documents. The
 * machines themselves never wait and never look at a clock.
 */
import type { Aggregate, Deadline, EntityState } from "./aggregate.ts";
import { snapshotOf, stateTimers } from "./statechart.ts";

/** A deadline with its identity: the same for whoever folds the same events. */
export interface Timer extends Deadline {
  /** `stream/timer[/part]/enteredVersion`. */
  readonly timerId: string;
}

/** At which version each deadline that stands began to stand; keys are the kernel's own. */
export type EnteredVersions = Readonly<Record<string, number>>;

interface KeyedDeadline extends Deadline {
  readonly key: string;
}

/** A deadline that moves is another deadline, so its moment is part of the key. */
function standingDeadlines(aggregate: Aggregate, state: EntityState): readonly KeyedDeadline[] {
  const snapshot = snapshotOf(aggregate.machine, state);
  const onStates = stateTimers(snapshot).flatMap((timer) => {
    const dueAt = fieldAt(snapshot.context, timer.due);
    if (typeof dueAt !== "string") return [];
    const { id, command } = timer;
    return [{ id, part: null, command, data: {}, dueAt, key: `${timer.state}/${id}/${dueAt}` }];
  });
  const inContext = (aggregate.deadlines?.(snapshot) ?? []).map((deadline) => ({
    ...deadline,
    key: `${deadline.id}/${deadline.part ?? ""}/${deadline.dueAt}`,
  }));
  return [...onStates, ...inContext];
}

function fieldAt(context: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (at, name) => (at as Readonly<Record<string, unknown>> | null | undefined)?.[name],
      context,
    );
}

/**
 * The entered versions after one more event: what stood before keeps its version, what stands since
 * this event gets the event's. Call it once per event, in order; a deadline that ended and stands
 * again later is a new one.
 */
export function enteredAfter(
  aggregate: Aggregate,
  before: EnteredVersions,
  { state, version }: { readonly state: EntityState; readonly version: number },
): EnteredVersions {
  const keys = standingDeadlines(aggregate, state).map(({ key }) => key);
  return Object.fromEntries(
    keys.map((key) => [key, Object.hasOwn(before, key) ? (before[key] ?? version) : version]),
  );
}

/** The timers of an entity as it stands; those not among `entered` are not known to stand yet. */
export function timersOf(
  aggregate: Aggregate,
  { stream, state }: { readonly stream: string; readonly state: EntityState },
  entered: EnteredVersions,
): readonly Timer[] {
  return standingDeadlines(aggregate, state).flatMap(({ key, ...deadline }) => {
    const version = Object.hasOwn(entered, key) ? entered[key] : undefined;
    if (version === undefined) return [];
    const part = deadline.part === null ? "" : `/${deadline.part}`;
    return [{ ...deadline, timerId: `${stream}/${deadline.id}${part}/${String(version)}` }];
  });
}
