import { lastVersion, type Commit, type EventStore } from "../log/index.ts";
import { aggregates, type AggregateName } from "../machines/index.ts";
import { evolveMarked, passedOver, placedEvents } from "./evolve.ts";
import type { Step } from "./facts.ts";
import type { MarkedView } from "./view.ts";

/** Why an entity cannot be projected any further: the event that the fold does not take. */
export interface Poison {
  readonly stream: string;
  readonly version: number;
  readonly code: string;
  readonly message: string;
}

/** How far the fold came. With `poison` the view stands before the commit that holds it. */
export interface Folded {
  readonly view: MarkedView | null;
  readonly poison: Poison | null;
}

export interface FoldOptions {
  readonly aggregate: AggregateName;
  readonly store: EventStore;
  /** Knows the events that an operator let it pass over; none unless given. */
  readonly letters?: { isSkipped(stream: string, version: number): boolean };
  /** Told of every version on the way. */
  readonly onView?: (view: MarkedView) => void;
  /** The same, with the event and the version before. */
  readonly onStep?: (step: Step) => void;
}

/**
 * Folds commits of one entity onto its view in version order, whatever order they came in: what
 * the view has seen is skipped, what is missing is read from the store at once. Throws only when
 * the store cannot be read; an event that cannot be folded is an answer, not an error.
 */
export async function foldCommits(
  base: MarkedView | null,
  commits: readonly Commit[],
  options: FoldOptions,
): Promise<Folded> {
  let folded: Folded = { view: base, poison: null };
  for (const commit of commits.toSorted((left, right) => left.version - right.version)) {
    const seen = folded.view?.version ?? 0;
    if (lastVersion(commit) <= seen) continue;
    const before = { stream: commit.stream, after: seen, through: commit.version - 1 };
    if (before.through > seen) folded = await foldStored(folded.view, before, options);
    if (folded.poison === null) folded = foldCommit(folded.view, commit, options);
    if (folded.poison !== null) return folded;
  }
  return folded;
}

/** A part of a history: the versions after `after`, up to the end or through `through`. */
export interface Stretch {
  readonly stream: string;
  readonly after: number;
  readonly through?: number;
}

/** Folds what the store holds of a stretch; a history that is broken there is poison too. */
export async function foldStored(
  base: MarkedView | null,
  { stream, after, through }: Stretch,
  options: FoldOptions,
): Promise<Folded> {
  let folded: Folded = { view: base, poison: null };
  let commits: readonly Commit[];
  try {
    commits = await options.store.read(stream, after, through);
  } catch (error) {
    const poison = poisonOf({ stream, version: after + 1 }, error);
    if (!poison.code.startsWith("HISTORY_")) throw error;
    return { view: base, poison };
  }
  for (const commit of commits) {
    folded = foldCommit(folded.view, commit, options);
    if (folded.poison !== null) return folded;
  }
  return folded;
}

function foldCommit(base: MarkedView | null, commit: Commit, options: FoldOptions): Folded {
  let view = base;
  for (const placed of placedEvents(commit)) {
    const before = view;
    try {
      view = evolveMarked(aggregates[options.aggregate], before, placed);
    } catch (error) {
      const isSkipped = options.letters?.isSkipped(placed.stream, placed.version) ?? false;
      if (!isSkipped) return { view: base, poison: poisonOf(placed, error) };
      // Nothing is known of what it did, so that no fact is told of it.
      const { entered = {}, notes = null } = before ?? {};
      view = { ...passedOver(aggregates[options.aggregate], before, placed), entered, notes };
      options.onView?.(view);
      continue;
    }
    if (view === before) continue;
    options.onView?.(view);
    options.onStep?.({ before, placed, after: view });
  }
  return { view, poison: null };
}

/** What is kept of an event that the fold threw at. */
export function poisonOf(
  at: { readonly stream: string; readonly version: number },
  error: unknown,
): Poison {
  const { stream, version } = at;
  const code = (error as { code?: unknown } | null)?.code;
  return {
    stream,
    version,
    code: typeof code === "string" ? code : "FOLD_FAULT",
    message: error instanceof Error ? error.message : String(error),
  };
}
