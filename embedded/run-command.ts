import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { codeOf } from "./errors.ts";
import { folderBytes } from "./folder-bytes.ts";

export type CommandResult = { ok: boolean; stdout: string; lastLine: string };

export type CommandOptions = {
  timeoutMs: number;
  cwd?: string;
  env?: Record<string, string>;
  /** Ends it when too little has arrived in a folder in time: some networks swallow everything. */
  arrival?: { folder: string; bytes: number; timeoutMs: number };
  /** Called with each line the command prints on either output. */
  onLine?: (line: string) => void;
};

const stdoutCharsMax = 1_000_000;

/** Runs a helper program to its end or its time limit. Never throws: `ok` says how it went. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    });
    let stdout = "";
    let lastLine = "";
    let timedOutMs: number | undefined;
    const giveUp = (timeoutMs: number) => {
      timedOutMs = timeoutMs;
      child.kill("SIGKILL");
      // Its own children may keep the outputs open for long; "close" does not wait for them then.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const stopWatching = watchTime(options, giveUp);
    const noteLine = (line: string) => {
      if (line.trim() === "") return;
      lastLine = line.trim();
      options.onLine?.(lastLine);
    };
    child.stdout.on("data", (chunk: Buffer) => {
      if (stdout.length < stdoutCharsMax) stdout += chunk.toString();
    });
    createInterface({ input: child.stdout }).on("line", noteLine);
    createInterface({ input: child.stderr }).on("line", noteLine);
    child.on("error", (error) => {
      stopWatching();
      const isMissing = codeOf(error) === "ENOENT";
      const reason = isMissing ? `${command} is not installed` : error.message;
      resolve({ ok: false, stdout, lastLine: reason });
    });
    child.on("close", (exitCode) => {
      stopWatching();
      if (timedOutMs !== undefined) lastLine = `no answer in ${Math.round(timedOutMs / 1000)} s`;
      resolve({ ok: exitCode === 0, stdout, lastLine });
    });
  });
}

function watchTime(options: CommandOptions, giveUp: (timeoutMs: number) => void): () => void {
  const { timeoutMs, arrival } = options;
  const timers = [setTimeout(() => giveUp(timeoutMs), timeoutMs)];
  if (arrival) {
    const look = () => {
      void folderBytes(arrival.folder).then(
        (bytes) => bytes < arrival.bytes && giveUp(arrival.timeoutMs),
      );
    };
    timers.push(setTimeout(look, arrival.timeoutMs));
  }
  return () => timers.forEach((timer) => clearTimeout(timer));
}
