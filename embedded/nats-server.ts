import { connect } from "nats";
import { findBinary } from "./binary.ts";
import type { BinarySpec, FindOptions, FoundBinary } from "./binary-check.ts";
import { startLocalServer, type LocalServer, type StartOptions } from "./local-server.ts";
import { debianNatsServer, goNatsServer, releaseNatsServer } from "./nats-server-sources.ts";
import { withDefaults } from "./server-args.ts";

const spec: BinarySpec = {
  name: "nats-server",
  product: "NATS",
  versionFloor: "2.9.0",
  versionPattern: /nats-server: v(\d+\.\d+\.\d+)/,
  sources: [releaseNatsServer, goNatsServer, debianNatsServer],
  advice:
    "Install nats-server 2.14 or newer (2.9 at least) so that it is on PATH, " +
    "or set NATS_SERVER_BIN to its path, or NATS_URL to a running server with JetStream.",
};

/** Finds or fetches a nats-server; throws an EmbeddedError that says what to install. */
export async function findNatsServer(options: FindOptions): Promise<FoundBinary> {
  return findBinary(spec, options);
}

/**
 * Starts a nats-server with JetStream on loopback, and resolves when JetStream answers. Throws an
 * EmbeddedError, whose message says what to do.
 */
export async function startNatsServer(options: StartOptions): Promise<LocalServer> {
  return startLocalServer(
    {
      name: spec.name,
      find: () => findNatsServer(options),
      args: (folder, port) =>
        withDefaults(
          [
            ["--addr", "127.0.0.1"],
            ["--port", String(port)],
            ["--jetstream"],
            ["--store_dir", folder.storePath],
          ],
          options.extraArgs ?? [],
        ),
      url: (port) => `nats://127.0.0.1:${port}`,
      isReady: doesJetstreamAnswer,
      diagnose: () => Promise.resolve(undefined),
      isPortTaken: (lines) => lines.some((line) => line.includes("address already in use")),
      lastLine: lastErrorLine,
    },
    options,
  );
}

async function doesJetstreamAnswer(port: number): Promise<boolean> {
  const connection = await connect({
    servers: `127.0.0.1:${port}`,
    reconnect: false,
    timeout: 2_000,
  });
  try {
    await (await connection.jetstreamManager({ timeout: 2_000 })).getAccountInfo();
    return true;
  } finally {
    await connection.close();
  }
}

function lastErrorLine(lines: readonly string[]): string {
  const bad =
    lines.findLast((line) => /\[(FTL|ERR)\]|^flag |^nats-server: /.test(line)) ?? lines.at(-1);
  return bad === undefined
    ? "it logged nothing"
    : `it said "${bad.replace(/^\[.*?\] \S+ \S+ /, "")}"`;
}
