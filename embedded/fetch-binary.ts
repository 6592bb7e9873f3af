import { chmod, copyFile, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  checkBinary,
  type BinarySource,
  type BinarySpec,
  type FindOptions,
  type FoundBinary,
} from "./binary-check.ts";
import { tryClaim, type Claim } from "./claim.ts";
import { EmbeddedError, messageOf } from "./errors.ts";
import { folderBytes } from "./folder-bytes.ts";
import { pollUntil } from "./poll.ts";

const waitForOtherMs = 10 * 60_000;
const progressEveryMs = 3_000;

/**
 * Fetches a program into the cache. Of several starts at once one fetches, the others wait for it
 * and then find it in the cache; a program appears there whole, by a rename, or not at all.
 */
export async function fetchOnce(
  spec: BinarySpec,
  options: FindOptions,
  findInCache: () => Promise<FoundBinary | undefined>,
): Promise<FoundBinary> {
  const claim = await claimFetching(spec, options);
  try {
    const cached = await findInCache();
    if (cached) return cached;
    await removeLeftovers(spec, options.cacheDir);
    return await fetchFromFirst(spec, options);
  } finally {
    await claim.release();
  }
}

async function claimFetching(spec: BinarySpec, options: FindOptions): Promise<Claim> {
  const path = join(options.cacheDir, `${spec.name}.lock`);
  let hasReported = false;
  const claim = await pollUntil(waitForOtherMs, async () => {
    const answer = await tryClaim(path);
    if ("claim" in answer) return answer.claim;
    if (!hasReported) {
      options.report(`${spec.name}: waiting for process ${answer.holder.pid}, which fetches it`);
    }
    hasReported = true;
    return undefined;
  });
  if (claim) return claim;
  throw new EmbeddedError(
    "BINARY_NOT_FOUND",
    `Another process has been fetching ${spec.name} for too long (${path}); stop it, or try again.`,
  );
}

async function fetchFromFirst(spec: BinarySpec, options: FindOptions): Promise<FoundBinary> {
  const tried: string[] = [];
  for (const source of spec.sources) {
    options.report(`${spec.name}: fetching from ${source.title}`);
    try {
      return await fetchFrom(spec, source, options);
    } catch (thrown) {
      const reason = messageOf(thrown);
      options.report(`${spec.name}: not from ${source.title}: ${reason}`);
      tried.push(`${source.title} (${reason})`);
    }
  }
  throw new EmbeddedError(
    "BINARY_NOT_FOUND",
    `No ${spec.name} could be found or fetched. ${spec.advice} ` +
      `Tried: PATH, the cache ${options.cacheDir}, ${tried.join(", ")}.`,
  );
}

async function fetchFrom(
  spec: BinarySpec,
  source: BinarySource,
  options: FindOptions,
): Promise<FoundBinary> {
  const workDir = join(options.cacheDir, `${workPrefix(spec)}${process.pid}`);
  await mkdir(workDir, { recursive: true });
  const stopReporting = reportProgress(spec, workDir, options.report);
  try {
    const fetched = await source.fetch(workDir, options.report);
    await chmod(fetched, 0o755);
    const check = await checkBinary(spec, fetched);
    if (!check.usable) throw new Error(`what came ${check.reason}`);
    const name = `${spec.name}-${check.version}-${process.platform}-${process.arch}`;
    const path = join(options.cacheDir, name);
    await moveWhole(fetched, path, workDir);
    return { path, version: check.version, source: source.title };
  } finally {
    stopReporting();
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Copied first if it is elsewhere, and synced, so that a crash never leaves half a program. */
async function moveWhole(from: string, to: string, workDir: string): Promise<void> {
  let source = from;
  if (!from.startsWith(workDir)) {
    source = join(workDir, "copy");
    await copyFile(from, source);
  }
  const file = await open(source, "r");
  await file.sync().finally(() => file.close());
  await rename(source, to);
}

function workPrefix(spec: BinarySpec): string {
  return `.fetch-${spec.name}-`;
}

/** What a killed fetch left behind; the claim makes sure that none is at work. */
async function removeLeftovers(spec: BinarySpec, cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(workPrefix(spec))) continue;
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

function reportProgress(
  spec: BinarySpec,
  workDir: string,
  report: (line: string) => void,
): () => void {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    void folderBytes(workDir).then((bytes) => {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const amount = bytes > 0 ? `${Math.round(bytes / 1e6)} MB, ` : "";
      report(`${spec.name}: still at it (${amount}${seconds} s)`);
    });
  }, progressEveryMs);
  return () => clearInterval(timer);
}
