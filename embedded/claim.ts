import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { codeOf } from "./errors.ts";
import { describeProcess, type ProcessInfo } from "./process-info.ts";

/** A file that says which process holds something; it counts only while that process lives. */
export type Claim = { release(): Promise<void> };

export type ClaimAnswer = { claim: Claim } | { holder: ProcessInfo };

/** What is in the file; `id` is new for each claim, so that no two claims are ever mixed up. */
type Written = { pid: number; identity: string; id: string };

/**
 * Claims a path for this process, or answers who holds it. A claim left by a killed process is
 * taken over. Throws only what the file system throws.
 */
export async function tryClaim(path: string): Promise<ClaimAnswer> {
  const me = await describeProcess(process.pid);
  const mine: Written = { pid: process.pid, identity: me?.identity ?? "", id: randomUUID() };
  const draft = `${path}.${mine.id}.new`;
  try {
    await writeFile(draft, JSON.stringify(mine));
    for (;;) {
      if (await linkOnce(draft, path)) break;
      const written = await readWritten(path);
      if (!written) continue;
      const holder = await livingHolder(written);
      if (holder) return { holder };
      const rival = await takeOver(path, written, draft);
      if (rival === "none") break;
      if (rival !== "gone") return { holder: rival };
    }
  } finally {
    await rm(draft, { force: true });
  }
  return { claim: { release: () => release(path, mine) } };
}

/** A hard link appears whole or not at all, so nobody ever reads a claim that is half written. */
async function linkOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

/**
 * Many may find the same dead claim. Who may replace it is decided by a claim on that very one, so
 * its file cannot change between our look and our rename. Answers the rival who does it, if any.
 */
async function takeOver(
  path: string,
  dead: Written,
  draft: string,
): Promise<ProcessInfo | "none" | "gone"> {
  const answer = await tryClaim(`${path}.${dead.id}`);
  if ("holder" in answer) return answer.holder;
  try {
    if ((await readWritten(path))?.id !== dead.id) return "gone";
    await rename(draft, path);
    return "none";
  } finally {
    await answer.claim.release();
  }
}

/** Undefined when there is no claim any more. A file that is no claim belongs to nobody. */
async function readWritten(path: string): Promise<Written | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return parseWritten(text) ?? { pid: 0, identity: "", id: "foreign" };
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

function parseWritten(text: string): Written | undefined {
  try {
    const { pid, identity, id } = JSON.parse(text) as Partial<Written>;
    if (pid === undefined || identity === undefined || id === undefined) return undefined;
    return { pid, identity, id };
  } catch {
    return undefined;
  }
}

async function livingHolder(written: Written): Promise<ProcessInfo | undefined> {
  const info = await describeProcess(written.pid);
  return info?.identity === written.identity ? info : undefined;
}

async function release(path: string, mine: Written): Promise<void> {
  if ((await readWritten(path))?.id === mine.id) await rm(path, { force: true });
}
