import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { createGraphqlClient } from "./graphql-request.ts";
import type { ReadStore } from "./read-store.ts";
import { startSystem, type System } from "./system.ts";

const CAUGHT_UP_POLL_MS = 200;

const health = z.object({
  relay: z.object({ state: z.string(), lagMs: z.number().nullable() }),
  projectors: z.array(z.object({ isCaughtUp: z.boolean() })),
});

interface StartOptions {
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Starts the service on the store, and waits until its readers have nothing left to do. */
export async function startOnStore(
  { url, dataDir }: ReadStore,
  { report, signal }: StartOptions,
): Promise<System> {
  const system = await startSystem(report, { mongodbUrl: url, dataDir });
  const client = createGraphqlClient(system.url, system.sign("bench"));
  const query = "{ system { relay { state lagMs } projectors { isCaughtUp } } }";
  for (;;) {
    signal.throwIfAborted();
    const { system: found } = await client.send(query, {});
    const { relay, projectors } = health.parse(found);
    const isLevel = projectors.every(({ isCaughtUp }) => isCaughtUp);
    if (isLevel && relay.state === "following" && relay.lagMs === 0) break;
    await pause(CAUGHT_UP_POLL_MS);
  }
  client.close();
  return system;
}
