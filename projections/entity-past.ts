import { eventId, type Commit, type EventStore } from "../log/index.ts";
import { aggregates, type AggregateName } from "../machines/index.ts";
import { evolveSkipping, placedEvents } from "./evolve.ts";
import type { FeedChangeEntry } from "./feed-lane.ts";
import type { PlacedEvent } from "./placed-event.ts";
import { nothingSkipped, type Skips } from "./skips.ts";
import type { EntityView } from "./view.ts";
import type { ViewTable } from "./view-table.ts";

/** Commits read at once, so that a long history is not in memory as a whole. */
const PAGE_VERSIONS = 256;

/** One entity's history in the log, folded page by page. */
export interface EntityPast {
  /** The next events, each with the entity around it; empty at the end of the log. */
  next(): Promise<readonly FeedChangeEntry[]>;
  /** The view after the last event that was read; null before the first. */
  view(): EntityView | null;
}

export interface PastOptions {
  readonly store: EventStore;
  readonly skips: Skips;
  readonly table: ViewTable;
  readonly aggregate: AggregateName;
  readonly id: string;
}

/**
 * The history after a version, which may be in the middle of a commit. Folds from the row of the
 * read collection if that is not newer, else from the first event. Events that were skipped are
 * told, and change nothing. `next` throws for an event that cannot be folded, once those before it
 * are told.
 */
export async function entityPast(options: PastOptions, after: number): Promise<EntityPast> {
  const { store, table, aggregate, id } = options;
  const row = after === 0 ? undefined : (await table.load([id], () => false)).get(id);
  let view: EntityView | null = row !== undefined && row.version <= after ? row : null;

  const foldPage = async (commits: readonly Commit[]): Promise<FeedChangeEntry[]> => {
    const page: FeedChangeEntry[] = [];
    let skipped = nothingSkipped;
    for (const commit of commits) {
      for (const placed of placedEvents(commit)) {
        const before = view;
        try {
          view = evolveSkipping(aggregates[aggregate], before, { placed, skipped });
        } catch (error) {
          skipped = await options.skips(aggregate, id);
          if (page.length > 0 && !skipped.has(placed.version)) return page;
          if (!skipped.has(placed.version)) throw error;
          view = evolveSkipping(aggregates[aggregate], before, { placed, skipped });
        }
        if (placed.version > after) page.push(told(commit, placed, { before, after: view }));
      }
    }
    return page;
  };

  return {
    view: () => view,
    async next() {
      for (;;) {
        const from = view?.version ?? 0;
        const stored = await store.read(id, from, from + PAGE_VERSIONS);
        // Ids of all kinds of entities look alike.
        const commits = stored.filter((commit) => commit.aggregate === aggregate);
        const page = await foldPage(commits);
        if (page.length > 0 || commits.length === 0) return page;
      }
    },
  };
}

function told(
  { id: commandId, aggregate, meta }: Commit,
  { stream, version, at, event }: PlacedEvent,
  views: Pick<FeedChangeEntry, "before" | "after">,
): FeedChangeEntry {
  const names = { commandId, correlationId: meta.correlationId };
  const info = { id: eventId(stream, version), type: event.type, version, at, ...names };
  return { aggregate, event: info, ...views };
}

/** The newest version in the log, from the row of the read collection on; 0 = there is none. */
export async function newestVersion(options: PastOptions): Promise<number> {
  const past = await entityPast(options, Number.MAX_SAFE_INTEGER - 1);
  await past.next();
  return past.view()?.version ?? 0;
}
