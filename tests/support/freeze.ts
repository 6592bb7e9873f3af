import { readdir, readFile } from "node:fs/promises";
import { eventually } from "./eventually.ts";

/**
 * Stops a process until it gets SIGCONT, and resolves once none of its threads runs any more: on a
 * busy machine they go on for a while after `kill` has returned, and answer what is sent to them.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  // Elsewhere nothing tells of single threads.
  if (process.platform !== "linux") return;
  const tasks = `/proc/${pid}/task`;
  await eventually(async () => {
    const threads = await readdir(tasks);
    const states = await Promise.all(threads.map((thread) => stateOf(`${tasks}/${thread}/stat`)));
    return states.every((state) => state === "T");
  });
}

/** The letter after the name, which stands in brackets and may hold anything (proc(5)). */
async function stateOf(path: string): Promise<string | undefined> {
  return /.*\) (\w)/s.exec(await readFile(path, "utf8"))?.[1];
}
