import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Job {
  /** The program to run, a sibling file. */
  readonly program: URL;
  readonly input: object;
  readonly signal: AbortSignal;
}

/**
 * Runs a program of clients in a process of its own, so that their work is not counted as ours:
 * JSON in on standard input, JSON out on standard output. Throws when it fails or is aborted.
 */
export async function runClients(job: Job): Promise<unknown> {
  const child = spawn(
    process.execPath,
    [...withoutProfile(process.execArgv), fileURLToPath(job.program)],
    {
      stdio: ["pipe", "pipe", "inherit"],
      signal: job.signal,
      killSignal: "SIGKILL",
    },
  );
  child.stdin.end(JSON.stringify(job.input));
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`the clients' process ended with code ${String(code)}`);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

/** A profile is of the measured process, not of its clients. */
function withoutProfile(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith("--cpu-prof"));
}
