import { setTimeout as pause } from "node:timers/promises";
import type { LocalServer } from "./local-server.ts";

/** Starts in a row that fail before the server is given up; the first comes at once. */
const RESTARTS_MAX = 5;
const RESTART_PAUSE_MS = 1_000;

/** A server that is started again on the same port and data whenever it ends by itself. */
export interface KeptServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Keeps a server running: one that crashes or is killed is started again and said so. When that
 * fails several times in a row it stays down, and the last word says why; nothing is thrown.
 */
export async function keepRunning(
  start: (port: number) => Promise<LocalServer>,
  report: (line: string) => void,
): Promise<KeptServer> {
  let current = await start(0);
  const { url, port } = current;
  const stopping = new AbortController();

  async function startAgain(): Promise<boolean> {
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        current = await start(port);
        report(`the server at ${url} is up again`);
        return true;
      } catch (error) {
        failures += 1;
        const reason = error instanceof Error ? error.message : String(error);
        report(`the server at ${url} cannot be started again: ${reason}`);
        if (failures === RESTARTS_MAX) return false;
        await pause(RESTART_PAUSE_MS, undefined, { signal: stopping.signal }).catch(
          () => undefined,
        );
      }
    }
    return false;
  }

  async function watch(): Promise<void> {
    do {
      await current.exited;
      if (stopping.signal.aborted) return;
      report(`the server at ${url} has ended by itself and is started again`);
    } while (await startAgain());
  }

  const watching = watch();
  return {
    url,
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      // A start that was under way when we were told to stop has brought one more.
      await current.stop();
    },
  };
}
