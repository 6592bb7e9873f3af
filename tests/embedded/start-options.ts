import {
  defaultCacheDir,
  startMongod,
  startNatsServer,
  type LocalServer,
  type StartOptions,
} from "../../embedded/index.ts";
import { mongodTestArgs } from "../support/mongod-test-args.ts";
import { disposeLater } from "../support/servers.ts";

/** Both kinds of server, started as a test wants it and ended with it. */
export const serverKinds = [
  { name: "mongod", start: starter(startMongod, "MONGOD_BIN", mongodTestArgs()) },
  { name: "nats-server", start: starter(startNatsServer, "NATS_SERVER_BIN", []) },
] as const;

export type TestStart = (
  options: Pick<StartOptions, "dataDir"> & Partial<StartOptions>,
) => Promise<LocalServer>;

function starter(
  start: (options: StartOptions) => Promise<LocalServer>,
  variable: string,
  extraArgs: string[],
): TestStart {
  return async (options) => {
    const binary = process.env[variable];
    const server = await start({
      cacheDir: defaultCacheDir(),
      report: () => undefined,
      extraArgs,
      ...(binary !== undefined && { binary }),
      ...options,
    });
    disposeLater(() => server.kill());
    return server;
  };
}
