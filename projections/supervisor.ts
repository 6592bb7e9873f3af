import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";

const RETRY_DELAY_FIRST_MS = 50;
const RETRY_DELAY_MAX_MS = 2_000;

export interface SupervisorOptions {
  readonly name: string;
  readonly logger: Logger;
  /** Runs until `signal`; a throw means: try again. `isWell` says that the last failure is over. */
  readonly attempt: (signal: AbortSignal, isWell: () => void) => Promise<void>;
}

/** Something that is kept running. */
export interface Supervisor {
  readonly signal: AbortSignal;
  /** Why it is not running just now; null when it runs. */
  failure(): string | null;
  stop(): Promise<void>;
}

/** Starts `attempt` and starts it again whenever it throws or returns, with a growing delay. */
export function createSupervisor({ name, logger, attempt }: SupervisorOptions): Supervisor {
  const stopping = new AbortController();
  const { signal } = stopping;
  let failure: string | null = null;
  let delayMs = RETRY_DELAY_FIRST_MS;

  function isWell(): void {
    if (failure !== null) logger.info({ name }, "running again");
    failure = null;
    delayMs = RETRY_DELAY_FIRST_MS;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await attempt(signal, isWell);
      } catch (error) {
        if (stopping.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        // An outage is one line at its start and one at its end, not one for each attempt.
        if (reason !== failure) logger.warn({ name, err: error }, "failed, tries again");
        failure = reason;
      }
      await pause(delayMs, undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MAX_MS);
    }
  }

  const running = run();
  return {
    signal,
    failure: () => failure,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
