import type { Commit, Tail, TailBatch } from "../../log/index.ts";

/** A tail that delivers exactly what a test writes into it, however disordered. */
export interface ScriptedTail extends Tail {
  deliver(...commits: readonly Commit[]): void;
}

export function createScriptedTail(): ScriptedTail {
  const batches: TailBatch[] = [];
  let wake: () => void = () => undefined;
  let news = new Promise<void>((resolve) => (wake = resolve));
  function tell(): void {
    wake();
    news = new Promise<void>((resolve) => (wake = resolve));
  }
  return {
    deliver(...commits) {
      const position = { token: String(batches.length + 1), time: batches.length + 1 };
      const tailed = commits.map((commit) => ({ commit, position }));
      batches.push({ commits: tailed, position, isCaughtUp: true });
      tell();
    },
    async *read(from, { signal }) {
      signal.addEventListener("abort", tell, { once: true });
      for (let index = Number(from?.token ?? 0); !signal.aborted;) {
        const batch = batches[index];
        if (batch === undefined) {
          await news;
        } else {
          index += 1;
          yield batch;
        }
      }
    },
    close: () => Promise.resolve(),
  };
}
