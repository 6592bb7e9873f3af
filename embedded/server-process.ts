import { spawn, type ChildProcess } from "node:child_process";
import { open } from "node:fs/promises";
import { isMainThread } from "node:worker_threads";
import { runCommand } from "./run-command.ts";

/** How a server process ended: its exit code, or the signal that ended it. */
export type ServerExit = { code: number | null; signal: NodeJS.Signals | null };

export type ServerProcess = {
  pid: number;
  exited: Promise<ServerExit>;
  /** Undefined while it runs. */
  exit(): ServerExit | undefined;
  stop(): Promise<void>;
  kill(): Promise<void>;
};

export type ServerProcessOptions = {
  path: string;
  args: readonly string[];
  logPath: string;
  env?: Record<string, string>;
};

const stopTimeoutMs = 20_000;

/**
 * Runs a server as a child that never outlives this process, even on kill -9. It is in a session of
 * its own, so that Ctrl-C reaches this process only, which then stops the child when it is drained.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const isTiedByKernel = await canTieByKernel();
  const [command, args] = isTiedByKernel
    ? ["setpriv", [...kernelTieArgs(), options.path, ...options.args]]
    : [options.path, [...options.args]];
  const log = await open(options.logPath, "a");
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { ...process.env, ...options.env },
    });
    const pid = await spawned(child);
    const server = toServerProcess(child, pid);
    if (!isTiedByKernel) tieByWatcher(server);
    return server;
  } finally {
    await log.close();
  }
}

function toServerProcess(child: ChildProcess, pid: number): ServerProcess {
  let exit: ServerExit | undefined;
  const exited = new Promise<ServerExit>((resolve) => {
    child.once("exit", (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const stop = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    child.kill("SIGTERM");
    await exited;
    clearTimeout(timer);
  };
  return { pid, exited, exit: () => exit, stop, kill };
}

async function spawned(child: ChildProcess): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  if (child.pid === undefined) throw new Error("a child without a pid");
  return child.pid;
}

let kernelTie: Promise<boolean> | undefined;

/** PR_SET_PDEATHSIG (prctl(2)) is tied to the thread that spawns: right only in the main thread. */
async function canTieByKernel(): Promise<boolean> {
  if (process.platform !== "linux" || !isMainThread) return false;
  kernelTie ??= runCommand("setpriv", ["--pdeathsig", "KILL", "--", "true"], {
    timeoutMs: 5_000,
  }).then((result) => result.ok);
  return kernelTie;
}

/** A parent that died before the tie was made sends no signal, so the child looks once itself. */
function kernelTieArgs(): string[] {
  const isParentThere = '[ "$PPID" = "$0" ] && exec "$@"';
  return ["--pdeathsig", "KILL", "--", "sh", "-c", isParentThere, String(process.pid)];
}

/** Elsewhere a tiny shell waits for the end of a pipe that only this process holds open. */
function tieByWatcher(server: ServerProcess): void {
  const script = 'cat > /dev/null; kill -9 "$1"';
  const watcher = spawn("sh", ["-c", script, "sh", String(server.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell the server still works; it then ends by stop() only.
  watcher.on("error", () => undefined);
  watcher.unref();
  void server.exited.then(() => {
    watcher.kill("SIGKILL");
    watcher.stdin.destroy();
  });
}
