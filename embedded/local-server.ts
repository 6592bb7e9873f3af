import type { FoundBinary } from "./binary-check.ts";
import { isDiskFull, diskFull, openDataFolder, type DataFolder } from "./data-folder.ts";
import { codeOf, EmbeddedError, messageOf } from "./errors.ts";
import { logEnd, readLogSince } from "./log-tail.ts";
import { pollUntil } from "./poll.ts";
import { choosePort, isListening, portInUse } from "./ports.ts";
import { describeProcess } from "./process-info.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

export type StartOptions = {
  /** The folder that holds this server's data, log and port. */
  dataDir: string;
  /** The port to insist on; 0 or absent: the one these data had last time, else any free one. */
  port?: number;
  /** The path of the server program, instead of looking for one. */
  binary?: string;
  /** The folder for fetched programs, see `defaultCacheDir`. */
  cacheDir: string;
  /** Gets what the user may want to read, in whole lines. */
  report: (line: string) => void;
  /** Further command line arguments; they replace the same ones of ours. */
  extraArgs?: string[];
};

export type LocalServer = {
  url: string;
  port: number;
  pid: number;
  /** Ends the server cleanly; a second call waits for the first. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, for tests and faults. */
  kill(): Promise<void>;
  /** Resolves when the process is gone, for whatever reason. */
  exited: Promise<void>;
};

export type FailedStart = { server: ServerProcess; folder: DataFolder; lines: string[] };

/** What makes one kind of server different from another. */
export type ServerKind = {
  name: string;
  find: () => Promise<FoundBinary>;
  args: (folder: DataFolder, port: number) => string[];
  env?: () => Record<string, string>;
  url: (port: number) => string;
  /** Asks once whether it is really ready; a throw means not yet. */
  isReady: (port: number) => Promise<boolean>;
  /** Recognises why the process ended; undefined: only the log line is known. */
  diagnose: (failed: FailedStart, binary: FoundBinary) => Promise<EmbeddedError | undefined>;
  isPortTaken: (lines: readonly string[]) => boolean;
  lastLine: (lines: readonly string[]) => string;
};

const readyTimeoutMs = 120_000;
const portAttemptsMax = 5;

/** Starts a server on loopback, and resolves when it is really ready; throws an EmbeddedError. */
export async function startLocalServer(
  kind: ServerKind,
  options: StartOptions,
): Promise<LocalServer> {
  const folder = await openDataFolder(options.dataDir, kind.name);
  try {
    const binary = await kind.find();
    for (let attempt = 1; ; attempt++) {
      const port = await choosePort({
        serverName: kind.name,
        wanted: options.port,
        remembered: attempt === 1 ? folder.state?.port : undefined,
        report: options.report,
      });
      const server = await startOnPort(kind, { folder, binary, port });
      if (server) return toLocalServer(kind, { server, folder, port });
      const isLast = attempt === portAttemptsMax;
      // Somebody took the port between our look and the server's bind.
      if (isLast || (options.port ?? 0) !== 0) throw await portInUse(kind.name, port);
    }
  } catch (thrown) {
    await folder.release();
    throw thrown;
  }
}

type Attempt = { folder: DataFolder; binary: FoundBinary; port: number };

/** Undefined when the port was taken in the meantime. */
async function startOnPort(kind: ServerKind, attempt: Attempt): Promise<ServerProcess | undefined> {
  const { folder, binary, port } = attempt;
  const logStart = await logEnd(folder.logPath);
  const server = await startServerProcess({
    path: binary.path,
    args: kind.args(folder, port),
    logPath: folder.logPath,
    ...(kind.env && { env: kind.env() }),
  }).catch((thrown: unknown) => {
    throw startFailed(kind, folder, messageOf(thrown));
  });
  try {
    const identity = (await describeProcess(server.pid))?.identity ?? "";
    const state = { port, version: binary.version, server: { pid: server.pid, identity } };
    // The pid is kept at once: who starts next waits for this server to be gone. The version is
    // kept when it has proved able to read the data.
    await folder.remember({ ...state, version: folder.state?.version ?? binary.version });
    if (await becomesReady(kind, server, port)) {
      await folder.remember(state);
      return server;
    }
    const lines = await readLogSince(folder.logPath, logStart);
    if (server.exit() && kind.isPortTaken(lines)) return undefined;
    throw await explainFailure(kind, attempt, { server, folder, lines });
  } catch (thrown) {
    await server.kill();
    throw thrown;
  }
}

async function becomesReady(
  kind: ServerKind,
  server: ServerProcess,
  port: number,
): Promise<boolean> {
  const answer = await pollUntil(readyTimeoutMs, async () => {
    if (server.exit()) return "ended";
    if (!(await isListening(port))) return undefined;
    const isReady = await kind.isReady(port).catch((thrown: unknown) => {
      if (codeOf(thrown) === "START_FAILED") throw thrown;
      return false;
    });
    if (server.exit()) return "ended";
    return isReady ? "ready" : undefined;
  });
  return answer === "ready";
}

async function explainFailure(
  kind: ServerKind,
  attempt: Attempt,
  failed: FailedStart,
): Promise<EmbeddedError> {
  const exit = failed.server.exit();
  const { folder, lines } = failed;
  if (!exit) {
    const seconds = readyTimeoutMs / 1000;
    return startFailed(kind, folder, `not ready after ${seconds} s; ${kind.lastLine(lines)}`);
  }
  if (/no space left|ENOSPC/i.test(lines.join("\n")) || (await isDiskFull(folder.path))) {
    return diskFull(folder.path);
  }
  const known = await kind.diagnose(failed, attempt.binary);
  if (known) return known;
  const ending = exit.signal ? `ended by ${exit.signal}` : `exit code ${exit.code ?? "unknown"}`;
  return startFailed(kind, folder, `${ending}; ${kind.lastLine(lines)}`);
}

function startFailed(kind: ServerKind, folder: DataFolder, reason: string): EmbeddedError {
  return new EmbeddedError(
    "START_FAILED",
    `${kind.name} did not start (${reason}); see ${folder.logPath}.`,
  );
}

type Running = { server: ServerProcess; folder: DataFolder; port: number };

function toLocalServer(kind: ServerKind, running: Running): LocalServer {
  const { server, folder, port } = running;
  // A claim that cannot be removed does no harm: it is stale once this process is gone.
  const exited = server.exited.then(() => folder.release().catch(() => undefined));
  const endBy = async (end: () => Promise<void>) => {
    await end();
    await exited;
  };
  let stopping: Promise<void> | undefined;
  return {
    url: kind.url(port),
    port,
    pid: server.pid,
    stop: () => (stopping ??= endBy(() => server.stop())),
    kill: () => endBy(() => server.kill()),
    exited,
  };
}
