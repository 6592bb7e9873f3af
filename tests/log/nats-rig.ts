import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NatsConnection } from "nats";
import { pino } from "pino";
import { connectNats } from "../../log/index.ts";
import { disposeLater, testFolder } from "../support/servers.ts";
import type { TestServer } from "../support/servers.ts";

/** A logger that says nothing; LOG_LEVEL makes it talk while a test is being written. */
export const quiet = pino({ level: process.env["LOG_LEVEL"] ?? "silent" });

/** A connection as the program makes it; closed with the test. */
export async function connectTo(url: string): Promise<NatsConnection> {
  const nats = await connectNats({ url, name: "test", logger: quiet });
  disposeLater(() => nats.close());
  return nats;
}

/** Copies what a stopped nats-server has stored; the answer puts it back while it is stopped. */
export async function keepStore(server: TestServer): Promise<() => Promise<void>> {
  const store = join(server.dataDir, "nats-server");
  const copy = join(await testFolder(), "copy");
  await cp(store, copy, { recursive: true });
  return async () => {
    await rm(store, { recursive: true });
    await cp(copy, store, { recursive: true });
  };
}
