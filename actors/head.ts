import { applyEvent, initialState } from "../machines/index.ts";
import type { Aggregate, EntityState } from "../machines/index.ts";
import { GENESIS_HASH, lastVersion } from "../log/index.ts";
import type { Commit } from "../log/index.ts";

/** An entity at a commit boundary: its state, and what the next commit must follow on. */
export interface EntityHead {
  readonly state: EntityState;
  /** Events so far; 0 = the entity is new. */
  readonly version: number;
  /** Hash of the last commit. */
  readonly hash: string;
  /** Business time of the last commit; null before the first. */
  readonly at: string | null;
  /** Command id of the last commit; null before the first. */
  readonly commitId: string | null;
}

/** The stream belongs to another kind of entity: for this one the id does not exist. */
export class WrongAggregate extends Error {
  readonly code = "WRONG_AGGREGATE";
}

/** A stored history that this code cannot fold: nothing may be decided on it. */
export class HistoryFault extends Error {
  readonly code = "HISTORY_FAULT";
}

/** The head of a stream without events. */
export function emptyHead(aggregate: Aggregate): EntityHead {
  return {
    state: initialState(aggregate),
    version: 0,
    hash: GENESIS_HASH,
    at: null,
    commitId: null,
  };
}

/** The head that a commit leads to, given the state that its events lead to. */
export function headAfter(commit: Commit, state: EntityState): EntityHead {
  const { id: commitId, hash, at } = commit;
  return { state, version: lastVersion(commit), hash, at, commitId };
}

/**
 * The head after further commits of the stream. Throws `HISTORY_FAULT` when they do not follow on
 * without a gap or the statechart refuses one, `WRONG_AGGREGATE` when they are another kind's.
 */
export function foldCommits(
  aggregate: Aggregate,
  head: EntityHead,
  commits: readonly Commit[],
): EntityHead {
  return commits.reduce((before, commit) => foldCommit(aggregate, before, commit), head);
}

function foldCommit(aggregate: Aggregate, head: EntityHead, commit: Commit): EntityHead {
  const where = `${commit.stream}/${commit.version}`;
  if (commit.aggregate !== aggregate.name) {
    throw new WrongAggregate(`${where} is of ${commit.aggregate}, not of ${aggregate.name}`);
  }
  if (commit.version !== head.version + 1) {
    throw new HistoryFault(`${where} does not follow on version ${head.version}`);
  }
  try {
    const state = commit.events.reduce<EntityState>(
      (before, event) => applyEvent(aggregate, before, event),
      head.state,
    );
    return headAfter(commit, state);
  } catch (cause) {
    throw new HistoryFault(`${where} cannot be folded`, { cause });
  }
}
