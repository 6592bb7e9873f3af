import { spawn } from "node:child_process";
import { once } from "node:events";
import { program } from "../support/programs.ts";
import { disposeLater } from "../support/servers.ts";
import type { Call } from "./sandbox-calls.ts";

export interface PayingProcess {
  /** The outcomes that the process has heard of so far. */
  heard(): string[];
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** A process that pays and may be killed at any moment; killed with the test anyway. */
export function startPaying(
  { url, name }: { readonly url: string; readonly name: string },
  calls: readonly Call[],
): PayingProcess {
  const stdio = ["pipe", "pipe", "inherit"] as const;
  const child = spawn(process.execPath, [program("paying"), url, name], { stdio: [...stdio] });
  child.stdin.end(JSON.stringify(calls));
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, "close");
  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  disposeLater(kill);
  return { heard: () => output.split("\n").filter((line) => line !== ""), kill };
}
