import type { Db } from "mongodb";
import type { Logger } from "pino";
import { backOff } from "./backoff.ts";
import { openChangeCursor } from "./change-cursor.ts";
import { isTokenLost } from "./mongo-errors.ts";
import type { Position } from "./tail.ts";
import type { TailWindow } from "./tail-window.ts";
import { createTailWindow } from "./tail-window.ts";

/** Some megabytes at usual event sizes; seconds of full load for a reader to fall behind by. */
const WINDOW_EVENTS_MAX = 8_192;

/** The one change stream that the readers of this process share; it runs while there are any. */
export interface SharedStream {
  readonly window: TailWindow;
  /** Keeps the stream running; call the result once to let go. */
  join(): () => void;
  /** Resolves at the next change of the window, or when someone calls `wake`. */
  changed(): Promise<void>;
  readonly wake: () => void;
  /** A position of this stream from which nothing committed later is missing; null on abort. */
  ready(signal: AbortSignal): Promise<Position | null>;
  close(): Promise<void>;
}

/** A stream at rest; it survives every outage and loss of its position by itself. */
export function createSharedStream(
  db: Db,
  { logger, eventsMax = WINDOW_EVENTS_MAX }: { logger: Logger; eventsMax?: number | undefined },
): SharedStream {
  const window = createTailWindow(eventsMax);
  let waiters: (() => void)[] = [];
  let readers = 0;
  let stopping: AbortController | null = null;
  let running: Promise<void> = Promise.resolve();

  function wake(): void {
    const awake = waiters;
    waiters = [];
    for (const resolve of awake) resolve();
  }

  function changed(): Promise<void> {
    return new Promise((resolve) => waiters.push(resolve));
  }

  function start(): void {
    const controller = new AbortController();
    stopping = controller;
    // The one before may still be closing its cursor.
    running = running.then(() => follow(db, { window, wake, logger, signal: controller.signal }));
  }

  function stop(): Promise<void> {
    stopping?.abort();
    stopping = null;
    return running;
  }

  return {
    window,
    wake,
    join() {
      readers += 1;
      if (stopping === null) start();
      return () => {
        readers -= 1;
        if (readers === 0) void stop();
      };
    },
    changed,
    async ready(signal) {
      while (!signal.aborted) {
        const position = window.position();
        if (position !== null) return position;
        await changed();
      }
      return null;
    },
    close: stop,
  };
}

interface Following {
  readonly window: TailWindow;
  readonly wake: () => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

async function follow(db: Db, { window, wake, logger, signal }: Following): Promise<void> {
  const isStopped = () => signal.aborted;
  for (let attempt = 0; !isStopped(); attempt += 1) {
    try {
      await followOnce(db, { window, wake, logger, signal }, () => {
        attempt = 0;
      });
    } catch (error) {
      if (isStopped()) break;
      if (isTokenLost(error)) {
        window.restart(null);
        wake();
      }
      if (attempt === 0) logger.warn({ err: error }, "the change stream broke and is opened anew");
      await backOff(attempt, signal);
    }
  }
  window.restart(null);
  wake();
}

async function followOnce(
  db: Db,
  { window, wake, logger, signal }: Following,
  onProgress: () => void,
): Promise<void> {
  const cursor = await openChangeCursor(db, window.position(), logger);
  const interrupt = () => void cursor.close();
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    if (window.position() === null) {
      window.restart(cursor.position());
      wake();
    }
    while (!signal.aborted) {
      window.append(await cursor.next());
      onProgress();
      wake();
    }
  } finally {
    signal.removeEventListener("abort", interrupt);
    await cursor.close();
  }
}
