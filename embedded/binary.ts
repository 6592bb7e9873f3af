import { readdir, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import {
  checkBinary,
  isExecutable,
  type BinarySpec,
  type FindOptions,
  type FoundBinary,
} from "./binary-check.ts";
import { explainingDisk, makeFolder } from "./data-folder.ts";
import { EmbeddedError } from "./errors.ts";
import { fetchOnce } from "./fetch-binary.ts";
import { compareVersions } from "./versions.ts";

/**
 * Finds a server program: the one given, PATH, the cache, then each source in turn, and says in one
 * line where it came from. Throws an EmbeddedError that says what to install.
 */
export async function findBinary(spec: BinarySpec, options: FindOptions): Promise<FoundBinary> {
  const found = await lookEverywhere(spec, options);
  options.report(`${spec.name} ${found.version} from ${found.source}: ${found.path}`);
  return found;
}

async function lookEverywhere(spec: BinarySpec, options: FindOptions): Promise<FoundBinary> {
  if (options.binary !== undefined && options.binary !== "") {
    return useGiven(spec, options.binary);
  }
  const onPath = await findOnPath(spec, options.report);
  if (onPath) return onPath;
  const cached = await findInCache(spec, options);
  if (cached) return cached;
  await explainingDisk(options.cacheDir, () => makeFolder(options.cacheDir));
  return explainingDisk(options.cacheDir, () =>
    fetchOnce(spec, options, () => findInCache(spec, options)),
  );
}

async function useGiven(spec: BinarySpec, path: string): Promise<FoundBinary> {
  const check = await checkBinary(spec, path);
  if (check.usable) return { path, version: check.version, source: "the path given" };
  if (check.version !== undefined) {
    throw new EmbeddedError("SERVER_TOO_OLD", `${path} ${check.reason}. ${spec.advice}`);
  }
  throw new EmbeddedError("BINARY_UNUSABLE", `${path} ${check.reason}. ${spec.advice}`);
}

async function findOnPath(
  spec: BinarySpec,
  report: (line: string) => void,
): Promise<FoundBinary | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) {
    const path = join(folder, spec.name);
    if (!(await isExecutable(path))) continue;
    const check = await checkBinary(spec, path);
    if (check.usable) return { path, version: check.version, source: "PATH" };
    report(`${spec.name} on PATH is left aside: ${path} ${check.reason}`);
  }
  return undefined;
}

/** The newest usable program in the cache. One that does not even tell its version is removed. */
async function findInCache(
  spec: BinarySpec,
  options: FindOptions,
): Promise<FoundBinary | undefined> {
  const suffix = `-${process.platform}-${process.arch}`;
  const names = await readdir(options.cacheDir).catch(() => []);
  const versions = names
    .filter((name) => name.startsWith(`${spec.name}-`) && name.endsWith(suffix))
    .map((name) => name.slice(spec.name.length + 1, -suffix.length))
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .sort(compareVersions)
    .reverse();
  for (const version of versions) {
    const path = join(options.cacheDir, `${spec.name}-${version}${suffix}`);
    const check = await checkBinary(spec, path);
    if (check.usable) return { path, version: check.version, source: "the cache" };
    options.report(`${spec.name} in the cache is left aside: ${path} ${check.reason}`);
    if (check.version === undefined) await rm(path, { force: true }).catch(() => undefined);
  }
  return undefined;
}
