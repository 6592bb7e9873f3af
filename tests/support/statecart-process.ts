import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { program } from "./programs.ts";
import { disposeLater, testFolder } from "./servers.ts";

/** The line that `npm start --silent -- --json` prints once it is ready. */
export interface Addresses {
  readonly graphql: string;
  readonly ws: string;
  readonly nats: string;
  readonly mongodb: string;
  readonly tokens: { readonly operator: string; readonly customer: string };
}

/** A whole Statecart in a process of its own, with its own servers in a temporary data folder. */
export interface StatecartProcess extends Addresses {
  readonly dataDir: string;
  readonly pid: number;
  /** Everything written to standard error so far. */
  log(): string;
  /** SIGKILL, then waits until it is gone. */
  kill(): Promise<void>;
  /** Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** Starts again on the same data and port; the old process must be gone. */
  restart(): Promise<StatecartProcess>;
}

interface StartOptions {
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const root = join(import.meta.dirname, "../..");

/** Starts `main.ts` as a user would and waits for its JSON line; cleans up after the test. */
export async function startStatecartProcess(options: StartOptions = {}): Promise<StatecartProcess> {
  const dataDir = options.dataDir ?? (await testFolder());
  const { child, log } = launch({ ...options, dataDir });
  disposeLater(() => stop(child, "SIGKILL"));
  const addresses = await firstJsonLine(child, log);
  return {
    ...addresses,
    dataDir,
    pid: child.pid ?? 0,
    log,
    kill: async () => {
      await stop(child, "SIGKILL");
    },
    interrupt: () => stop(child, "SIGINT"),
    restart: () =>
      startStatecartProcess({
        ...options,
        dataDir,
        env: { ...options.env, PORT: new URL(addresses.graphql).port },
      }),
  };
}

/** Starts `main.ts` where it is expected to refuse; resolves with what it said. */
export async function startAndFail(
  options: StartOptions,
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const dataDir = options.dataDir ?? (await testFolder());
  const { child, log } = launch({ ...options, dataDir });
  disposeLater(() => stop(child, "SIGKILL"));
  let stdout = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, stdout, stderr: log() };
}

function launch(options: StartOptions & { readonly dataDir: string }): {
  child: ChildProcess;
  log: () => string;
} {
  const child = spawn(process.execPath, [program("main"), "--json", ...(options.args ?? [])], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: "0", DATA_DIR: options.dataDir, ...options.env },
  });
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, log: () => text };
}

async function firstJsonLine(child: ChildProcess, log: () => string): Promise<Addresses> {
  if (child.stdout === null) throw new Error("the child has no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("{")) return JSON.parse(line) as Addresses;
  }
  throw new Error(`Statecart ended before it was ready:\n${log()}`);
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}
