import type { StoredTimer, TimerChanges } from "../log/index.ts";
import { timersOf, type Aggregate } from "../machines/index.ts";
import type { MarkedView } from "./view.ts";

/** What lies between two views of one entity: timers that stand since, and those that ended. */
export function timerChanges(
  aggregate: Aggregate,
  before: MarkedView | null,
  after: MarkedView,
): TimerChanges {
  const earlier = before === null ? [] : standing(aggregate, before);
  const later = standing(aggregate, after);
  const ids = (timers: readonly StoredTimer[]) => new Set(timers.map(({ timerId }) => timerId));
  const earlierIds = ids(earlier);
  const laterIds = ids(later);
  return {
    begun: later.filter(({ timerId }) => !earlierIds.has(timerId)),
    ended: [...earlierIds].filter((timerId) => !laterIds.has(timerId)),
  };
}

function standing(aggregate: Aggregate, { id, state, entered }: MarkedView): StoredTimer[] {
  return timersOf(aggregate, { stream: id, state }, entered).map(
    ({ timerId, command, data, dueAt }) => {
      const target = { aggregate: aggregate.name, stream: id };
      return { timerId, ...target, command, data, dueAt };
    },
  );
}
