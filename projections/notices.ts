import { ProjectionError } from "./errors.ts";

/** Reads that may wait for a version at once; one more is told so instead of being queued. */
const WAITERS_MAX = 10_000;
/** A process that was told of nothing for so long may not be the one that projects. */
const QUIET_MS = 2_000;

interface Waiter {
  readonly version: number;
  readonly wake: (told: boolean) => void;
}

/** Says in this process that a view has reached a version. */
export interface Notices {
  tell(stream: string, version: number): void;
  /** True once the version is told, false at `until` (ms since the epoch). */
  wait(stream: string, version: number, until: number): Promise<boolean>;
  /** Whether this process projects: it was told of something, whatever it was, just now. */
  isTold(): boolean;
}

/** In-process notices. `wait` throws `WAITERS_EXHAUSTED` above the bound. */
export function createNotices(): Notices {
  const waiting = new Map<string, Set<Waiter>>();
  let count = 0;
  let toldAt = -QUIET_MS;
  return {
    isTold: () => performance.now() - toldAt < QUIET_MS,
    tell(stream, version) {
      toldAt = performance.now();
      for (const waiter of waiting.get(stream) ?? []) {
        if (waiter.version <= version) waiter.wake(true);
      }
    },
    wait(stream, version, until) {
      if (count >= WAITERS_MAX) {
        const message = `${count} reads wait for a version already`;
        throw new ProjectionError("WAITERS_EXHAUSTED", message);
      }
      return new Promise((resolve) => {
        const ofStream = waiting.get(stream) ?? new Set();
        const wake = (told: boolean): void => {
          clearTimeout(timer);
          if (ofStream.delete(waiter)) count -= 1;
          if (ofStream.size === 0 && waiting.get(stream) === ofStream) waiting.delete(stream);
          resolve(told);
        };
        const timer = setTimeout(() => wake(false), Math.max(0, until - Date.now()));
        const waiter: Waiter = { version, wake };
        ofStream.add(waiter);
        waiting.set(stream, ofStream);
        count += 1;
      });
    },
  };
}
