import { execFile } from "node:child_process";
import { readFile, readdir, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** `identity` differs between two processes that had the same pid one after the other. */
export type ProcessInfo = { pid: number; command: string; identity: string };

/** Describes a running process; undefined when there is none with that pid, or only a zombie. */
export async function describeProcess(pid: number): Promise<ProcessInfo | undefined> {
  return process.platform === "linux" ? describeByProc(pid) : describeByPs(pid);
}

/** The process that listens on a TCP port of this machine, where the system lets us see it. */
export async function findListener(port: number): Promise<ProcessInfo | undefined> {
  const pid =
    process.platform === "linux" ? await listenerByProc(port) : await listenerByLsof(port);
  return pid === undefined ? undefined : describeProcess(pid);
}

async function describeByProc(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; the state is the first field after the last one,
    // the start time the 20th (proc(5): fields 3 and 22).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
    const command = words.join(" ").trim() || `process ${pid}`;
    return { pid, command, identity: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

async function describeByPs(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const { stdout } = await run("ps", ["-o", "lstart=,stat=,command=", "-p", String(pid)]);
    const match = /^(\S+ +\S+ +\S+ +\S+ +\S+) +(\S+) +(.*)$/.exec(stdout.trim());
    if (!match || match[2]?.startsWith("Z")) return undefined;
    return { pid, command: match[3] ?? "", identity: match[1] ?? "" };
  } catch {
    return undefined;
  }
}

async function listenerByProc(port: number): Promise<number | undefined> {
  const inode = await listeningInode(port);
  if (inode === undefined) return undefined;
  const target = `socket:[${inode}]`;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (link === target) return Number(pid);
    }
  }
  return undefined;
}

async function listeningInode(port: number): Promise<string | undefined> {
  const portHex = port.toString(16).toUpperCase().padStart(4, "0");
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const lines = (await readFile(table, "utf8").catch(() => "")).split("\n");
    for (const line of lines) {
      const columns = line.trim().split(/\s+/);
      const isListening = columns[3] === "0A";
      if (isListening && columns[1]?.endsWith(`:${portHex}`)) return columns[9];
    }
  }
  return undefined;
}

async function listenerByLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await run("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"]);
    const pid = Number(stdout.split("\n", 1)[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
