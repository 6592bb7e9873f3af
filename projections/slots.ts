/** A number of places of which each is held by one at a time, first come, first served. */
export interface Slots {
  /** Waits for a place and returns how to give it back. Throws the signal's reason on abort. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** `count` places. The line is as long as there are callers: whoever calls bounds those. */
export function createSlots(count: number): Slots {
  const line: (() => void)[] = [];
  let free = count;

  function giveBack(): void {
    const next = line.shift();
    if (next === undefined) free += 1;
    else next();
  }

  return {
    take(signal) {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(giveBack);
      }
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          line.splice(line.indexOf(onTurn), 1);
          reject(signal.reason as Error);
        };
        const onTurn = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve(giveBack);
        };
        line.push(onTurn);
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}
