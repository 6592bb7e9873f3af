import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { defaultCacheDir } from "../../embedded/index.ts";
import { program } from "../support/programs.ts";
import { disposeLater } from "../support/servers.ts";

export type ParentProcess = {
  pid: number;
  mongod: { pid: number; url: string };
  nats: { pid: number; url: string };
  /** SIGKILL; resolves when the parent is gone. */
  kill(): Promise<void>;
  /** Sends a signal to the parent and all of its process group, as Ctrl-C in a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
};

/** Runs both servers under a Node process that a test may kill; killed with the test anyway. */
export async function startParent(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<ParentProcess> {
  const { MONGOD_BIN = "", NATS_SERVER_BIN = "" } = process.env;
  const args = [dataDir, defaultCacheDir(), MONGOD_BIN, NATS_SERVER_BIN];
  const child = spawn(process.execPath, [program("servers"), ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const exited = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  disposeLater(kill);
  const lines = createInterface({ input: child.stdout });
  const firstLine = once(lines, "line") as Promise<[string]>;
  const ended = exited.then(() =>
    Promise.reject(new Error("the parent ended before it was ready")),
  );
  const [line] = await Promise.race([firstLine, ended]);
  if (child.pid === undefined) throw new Error("a child without a pid");
  const pid = child.pid;
  const servers = JSON.parse(line) as Pick<ParentProcess, "mongod" | "nats">;
  return { pid, ...servers, kill, signalGroup: (signal) => process.kill(-pid, signal) };
}
