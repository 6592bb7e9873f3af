import type { Position, TailBatch, TailedCommit } from "./tail.ts";

/** What of the window lies after a reader's place; `next` is its place afterwards. */
export interface WindowSlice {
  readonly batch: TailBatch;
  readonly next: number;
}

/**
 * The last commits of the shared change stream. Readers stand at a number in it and take at their
 * own pace, so one buffer serves them all and nobody waits for the slowest: whoever falls out at
 * the old end has to read on its own. Bounded by events, which bounds the memory.
 */
export interface TailWindow {
  /** Null until the stream is open. */
  position(): Position | null;
  /** Begins anew at a position; whoever stood in the window has fallen out of it. */
  restart(at: Position | null): void;
  append(batch: TailBatch): void;
  /** The place of a resume token, or null when it is not between the window's two ends. */
  locate(token: string): number | null;
  /** Null when the place has fallen out of the window. */
  read(place: number, commitsMax: number): WindowSlice | null;
}

/** An empty window; nothing here touches the outside world. */
export function createTailWindow(eventsMax: number): TailWindow {
  let commits: TailedCommit[] = [];
  let events = 0;
  let firstPlace = 0;
  let startToken = "";
  let position: Position | null = null;
  let isCaughtUp = false;

  function trim(): void {
    let count = 0;
    for (; events > eventsMax && count < commits.length; count += 1) {
      events -= commits[count]?.commit.events.length ?? 0;
    }
    if (count === 0) return;
    startToken = commits[count - 1]?.position.token ?? startToken;
    commits = commits.slice(count);
    firstPlace += count;
  }

  return {
    position: () => position,
    restart(at) {
      // One place is left out, so that a reader at the very end has fallen out as well.
      firstPlace += commits.length + 1;
      commits = [];
      events = 0;
      position = at;
      startToken = at?.token ?? "";
      isCaughtUp = false;
    },
    append(batch) {
      for (const tailed of batch.commits) {
        commits.push(tailed);
        events += tailed.commit.events.length;
      }
      position = batch.position;
      isCaughtUp = batch.isCaughtUp;
      trim();
    },
    locate(token) {
      // A token beyond the end may be one that this stream will never give out.
      if (token < startToken || token > (position?.token ?? "")) return null;
      return firstPlace + countUpTo(commits, token);
    },
    read(place, commitsMax) {
      if (position === null || place < firstPlace) return null;
      const from = place - firstPlace;
      const slice = commits.slice(from, from + commitsMax);
      const isEnd = from + slice.length === commits.length;
      const end = isEnd ? position : (slice.at(-1)?.position ?? position);
      return {
        batch: { commits: slice, position: end, isCaughtUp: isEnd && isCaughtUp },
        next: place + slice.length,
      };
    },
  };
}

/** How many commits have a token up to this one: resume tokens ascend as strings. */
function countUpTo(commits: readonly TailedCommit[], token: string): number {
  let low = 0;
  let high = commits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((commits[middle]?.position.token ?? "") <= token) low = middle + 1;
    else high = middle;
  }
  return low;
}
