import type { Logger } from "pino";
import type { Commit, EventStore, Follower } from "../../log/index.ts";
import { createStory } from "./story.ts";
import { InspectionRefusal } from "./refusal.ts";
import type { InspectionTarget } from "./target.ts";

interface FeedSources {
  readonly follower: Follower;
  readonly store: Pick<EventStore, "read">;
  readonly logger: Logger;
}

/**
 * The frames of what is inspected: all that has happened, then live, each event once and those of
 * one entity in version order. Throws `NOT_FOUND` as an `InspectionRefusal`, and what the follower
 * and the fold throw; of everything at once, an entity that cannot be folded is left out.
 */
export function inspectionFrames(
  sources: FeedSources,
  target: InspectionTarget,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  return target.kind === "all" ? framesOfAll(sources, signal) : framesOf(sources, target, signal);
}

async function* framesOf(
  { follower, store }: FeedSources,
  { aggregate, id }: InspectionTarget & { readonly kind: "one" },
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const story = createStory(store);
  let isKnown = false;
  for await (const commits of follower.one(id, signal)) {
    // Ids of all kinds of entities look alike.
    isKnown ||= commits.some((commit) => commit.aggregate === aggregate);
    if (!isKnown) throw new InspectionRefusal("NOT_FOUND", `There is no such ${aggregate}.`);
    for (const commit of commits) yield* await story.tell(commit);
  }
}

async function* framesOfAll(
  { follower, store, logger }: FeedSources,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const story = createStory(store);
  const broken = new Set<string>();
  const tell = async (commit: Commit): Promise<readonly string[]> => {
    if (broken.has(commit.stream)) return [];
    try {
      return await story.tell(commit);
    } catch (err) {
      if ((err as { code?: unknown }).code === "STORE_UNAVAILABLE") throw err;
      logger.warn({ err, stream: commit.stream }, "an inspected history cannot be folded");
      broken.add(commit.stream);
      return [];
    }
  };
  for await (const commits of follower.all(signal)) {
    for (const commit of commits) yield* await tell(commit);
  }
}
