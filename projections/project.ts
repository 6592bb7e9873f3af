import type { Logger } from "pino";
import type { Commit, EventStore, Timers } from "../log/index.ts";
import { aggregates } from "../machines/index.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Projection } from "./document.ts";
import type { Step } from "./facts.ts";
import { foldCommits, foldStored, type Poison } from "./fold-commits.ts";
import { dayOf } from "./day-marks.ts";
import { timerChanges } from "./timers.ts";
import type { MarkedView } from "./view.ts";
import type { ViewTable } from "./view-table.ts";
import type { WriteWay } from "./view-writer.ts";

/** What it takes to bring commits into one generation of a projection. */
export interface Desk {
  readonly projection: Projection;
  readonly store: EventStore;
  readonly table: ViewTable;
  readonly letters: DeadLetters;
  /** Where the deadlines of the entities are kept; without it nobody keeps them. */
  readonly timers?: Timers;
  readonly logger: Logger;
  /** Told of every version that is folded, before it is written. */
  readonly onView?: (view: MarkedView) => void;
}

/**
 * Folds a batch entity by entity, writes once, and parks whose event cannot be folded or kept. The
 * one way into a read collection: live projectors and rebuilds go through here alike. Throws when
 * the store or the collection is out of reach; then the same commits come again.
 */
export async function project(
  desk: Desk,
  commits: readonly Commit[],
  way: WriteWay = "guarded",
): Promise<void> {
  const { aggregate } = desk.projection;
  const groups = new Map<string, Commit[]>();
  for (const commit of commits) {
    if (commit.aggregate !== aggregate || desk.letters.has(commit.stream)) continue;
    const group = groups.get(commit.stream);
    if (group === undefined) groups.set(commit.stream, [commit]);
    else group.push(commit);
  }
  if (groups.size === 0) return;
  // An entity whose first commit is here needs no row read; a newer row guards itself.
  const isNew = (stream: string): boolean =>
    groups.get(stream)?.some((commit) => commit.version === 1) ?? false;
  const bases = await desk.table.load(groups.keys(), isNew);
  const views: MarkedView[] = [];
  const poisons: Poison[] = [];
  const steps: Step[] = [];
  const days: string[] = [];
  for (const [stream, group] of groups) {
    const base = bases.get(stream) ?? null;
    const taken: Step[] = [];
    const onStep = (step: Step): number => taken.push(step);
    const folded = await foldCommits(base, group, { ...desk, aggregate, onStep });
    const reached = folded.view?.version ?? 0;
    steps.push(...taken.filter(({ placed }) => placed.version <= reached));
    // Also where nothing is new: the last attempt may have ended between the rows and the marks.
    if (folded.view !== null) days.push(...daysOf(folded.view, group));
    if (folded.view !== null && folded.view !== base) views.push(folded.view);
    if (folded.poison !== null) poisons.push(folded.poison);
  }
  await keepTimers(desk, bases, views);
  for (const poison of [...(await desk.table.land(views, { way, steps, days })), ...poisons]) {
    await desk.letters.park(poison);
    desk.logger.error({ projection: desk.projection.name, ...poison }, "entity parked");
  }
}

/**
 * Folds one entity from its first event and puts the result in the place of its row, also when that
 * has the same version. False when an event cannot be folded or kept; what is parked stays so then.
 */
export async function projectAnew(desk: Desk, stream: string): Promise<boolean> {
  const { aggregate } = desk.projection;
  const steps: Step[] = [];
  const onStep = (step: Step): number => steps.push(step);
  const options = { ...desk, aggregate, onStep };
  const { view, poison } = await foldStored(null, { stream, after: 0 }, options);
  if (poison !== null && desk.letters.has(stream)) await desk.letters.park(poison);
  if (poison !== null || view === null) return false;
  await keepTimers(desk, new Map(), [view]);
  const days = daysOf(
    view,
    steps.map(({ placed }) => placed),
  );
  const refused = await desk.table.land([view], { way: "replacing", steps, days });
  if (refused.length > 0) return false;
  await desk.letters.release(stream);
  return true;
}

/** The days whose figures an entity and its newest commits may have moved. */
function daysOf({ createdAt }: MarkedView, events: readonly { readonly at: string }[]): string[] {
  return [createdAt, ...events.map(({ at }) => at)].map(dayOf);
}

/** Before the rows: what is done again after a crash in between changes nothing. */
async function keepTimers(
  { timers, projection }: Desk,
  bases: ReadonlyMap<string, MarkedView>,
  views: readonly MarkedView[],
): Promise<void> {
  if (timers === undefined) return;
  const aggregate = aggregates[projection.aggregate];
  const changes = views.map((view) => timerChanges(aggregate, bases.get(view.id) ?? null, view));
  const begun = changes.flatMap((change) => change.begun);
  const ended = changes.flatMap((change) => change.ended);
  if (begun.length + ended.length > 0) await timers.change({ begun, ended });
}
