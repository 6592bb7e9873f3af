import { LRUCache } from "lru-cache";
import type { Commit, EventStore } from "../../log/index.ts";
import { lastVersion } from "../../log/index.ts";
import { aggregates, applyEvent, initialState, upcast } from "../../machines/index.ts";
import type { EntityState } from "../../machines/index.ts";
import { actorFrame, eventFrames } from "./frames.ts";

/** Entities whose state one reader keeps at hand; others are folded anew. */
const ENTITIES_MAX = 1_000;

interface Actor {
  readonly version: number;
  readonly state: EntityState;
}

/** Turns commits into frames, each entity's in version order from its first. */
export interface Story {
  /** The frames of a commit; throws `REPLAY_FAULT` or what the store throws. */
  tell(commit: Commit): Promise<readonly string[]>;
}

/** A story for one reader. */
export function createStory(store: Pick<EventStore, "read">): Story {
  const actors = new LRUCache<string, Actor>({ max: ENTITIES_MAX });

  return {
    async tell(commit) {
      const aggregate = aggregates[commit.aggregate];
      const isFirst = commit.version === 1;
      const known = actors.get(commit.stream);
      let state = isFirst ? initialState(aggregate) : known?.state;
      if (state === undefined || (!isFirst && known?.version !== commit.version - 1)) {
        state = await stateBefore(store, commit);
      }
      const frames = isFirst ? [actorFrame(commit, state)] : [];
      for (const [index, stored] of commit.events.entries()) {
        const event = upcast(aggregate, stored);
        state = applyEvent(aggregate, state, event);
        frames.push(...eventFrames({ commit, version: commit.version + index, event, state }));
      }
      actors.set(commit.stream, { version: lastVersion(commit), state });
      return frames;
    },
  };
}

/** The state that a commit has met. */
async function stateBefore(
  store: Pick<EventStore, "read">,
  { aggregate: name, stream, version }: Commit,
): Promise<EntityState> {
  const aggregate = aggregates[name];
  let state: EntityState = initialState(aggregate);
  for (const commit of await store.read(stream, 0, version - 1)) {
    for (const event of commit.events) state = applyEvent(aggregate, state, event);
  }
  return state;
}
