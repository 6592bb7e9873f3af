import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { findMongod, findNatsServer } from "../../embedded/index.ts";
import { findBinary } from "../../embedded/binary.ts";
import type { BinarySource, BinarySpec } from "../../embedded/binary-check.ts";
import { tryClaim } from "../../embedded/claim.ts";
import { officialMongod } from "../../embedded/mongod-sources.ts";
import { program } from "../support/programs.ts";
import { disposeLater, eventually, testFolder } from "../support/servers.ts";
import { serverKinds } from "./start-options.ts";

const cachedName = `thing-1.2.3-${process.platform}-${process.arch}`;

/** A server program of our own, so that fetching can be watched without any network. */
function thingSpec(...sources: BinarySource[]): BinarySpec {
  return {
    name: "thing",
    product: "Thing",
    versionFloor: "1.2.0",
    versionPattern: /thing v(\d+\.\d+\.\d+)/,
    sources,
    advice: "Install Thing.",
  };
}

async function writeProgram(path: string, prints: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
  return path;
}

function countingSource(): BinarySource & { fetches: number } {
  return {
    title: "a counting source",
    fetches: 0,
    async fetch(workDir) {
      this.fetches++;
      return writeProgram(join(workDir, "fetched"), "thing v1.2.3");
    },
  };
}

function brokenSource(reason: string): BinarySource {
  return { title: "a broken source", fetch: () => Promise.reject(new Error(reason)) };
}

async function finder(): Promise<{
  cacheDir: string;
  lines: string[];
  report: (line: string) => void;
}> {
  const lines: string[] = [];
  return { cacheDir: await testFolder(), lines, report: (line) => lines.push(line) };
}

test("a program is fetched once into the cache and found there afterwards", async () => {
  const source = countingSource();
  const options = await finder();
  const fetched = await findBinary(thingSpec(source), options);
  const cached = await findBinary(thingSpec(source), options);
  expect(fetched).toMatchObject({ version: "1.2.3", source: "a counting source" });
  expect(cached).toEqual({ ...fetched, source: "the cache" });
  expect(source.fetches).toBe(1);
  expect(options.lines.at(-1)).toBe(`thing 1.2.3 from the cache: ${fetched.path}`);
  expect(await readdir(options.cacheDir)).toEqual([cachedName]);
});

test("two finders at once fetch once and spoil nothing", async () => {
  const source = countingSource();
  const options = await finder();
  const spec = thingSpec(source);
  const found = await Promise.all([1, 2, 3].map(() => findBinary(spec, options)));
  expect(source.fetches).toBe(1);
  expect(new Set(found.map((binary) => binary.path)).size).toBe(1);
  expect(await readdir(options.cacheDir)).toEqual([cachedName]);
});

test("a finder waits for another that fetches, and takes over when that is killed", async () => {
  const options = await finder();
  const other = await claimInOtherProcess(join(options.cacheDir, "thing.lock"));
  await mkdir(join(options.cacheDir, ".fetch-thing-1"));
  const finding = findBinary(thingSpec(countingSource()), options);
  await eventually(() => options.lines.length > 0);
  expect(options.lines).toEqual([`thing: waiting for process ${other.pid}, which fetches it`]);
  await other.kill();
  expect(await finding).toMatchObject({ source: "a counting source" });
  expect(await readdir(options.cacheDir)).toEqual([cachedName]);
});

test("of many that find a stale claim one gets it", async () => {
  const path = join(await testFolder(), "lock");
  await (await claimInOtherProcess(path)).kill();
  const answers = await Promise.all(Array.from({ length: 20 }, () => tryClaim(path)));
  expect(answers.filter((answer) => "claim" in answer)).toHaveLength(1);
});

test("each source is tried in turn, and the reasons are told when none works", async () => {
  const options = await finder();
  const works = thingSpec(brokenSource("no network"), countingSource());
  expect(await findBinary(works, options)).toMatchObject({ source: "a counting source" });
  expect(options.lines).toContain("thing: not from a broken source: no network");
  const fails = thingSpec(brokenSource("no network"));
  await expect(findBinary(fails, await finder())).rejects.toMatchObject({
    code: "BINARY_NOT_FOUND",
    message: expect.stringMatching(
      /^No thing could .* Install Thing\. .*\(no network\)\.$/,
    ) as string,
  });
});

test("a spoiled program in the cache is fetched again", async () => {
  const options = await finder();
  await writeFile(join(options.cacheDir, cachedName), "half a program", { mode: 0o755 });
  const found = await findBinary(thingSpec(countingSource()), options);
  expect(found.source).toBe("a counting source");
});

test("what a source brings is refused when it does not run", async () => {
  const options = await finder();
  const source: BinarySource = {
    title: "a lying source",
    fetch: (workDir) => writeProgram(join(workDir, "fetched"), "something else"),
  };
  await expect(findBinary(thingSpec(source), options)).rejects.toMatchObject({
    code: "BINARY_NOT_FOUND",
    message: expect.stringContaining('it says "something else"') as string,
  });
  expect(await readdir(options.cacheDir)).toEqual([]);
});

test("MongoDB's own download asks for its archive, and tells when it is not there", async () => {
  const asked: string[] = [];
  const mirror = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(404).end();
  });
  await once(mirror.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    mirror.close();
    vi.unstubAllEnvs();
  });
  const { port } = mirror.address() as AddressInfo;
  vi.stubEnv("MONGOMS_DOWNLOAD_MIRROR", `http://127.0.0.1:${port}`);
  vi.stubEnv("MONGOMS_USE_HTTP", "true");
  // The library asks a proxy for addresses of this machine too.
  for (const name of Object.keys(process.env)) if (/proxy$/i.test(name)) vi.stubEnv(name, "");
  const { cacheDir, report } = await finder();
  await expect(officialMongod.fetch(cacheDir, report)).rejects.toThrow("404");
  expect(asked).toEqual([expect.stringMatching(/mongodb-.*-8\.0\.21\.(tgz|zip)$/)]);
});

const finders = { mongod: findMongod, "nats-server": findNatsServer };
const tooOld = { mongod: "db version v5.0.4", "nats-server": "nats-server: v2.8.4" };

for (const { name, start } of serverKinds) {
  test(`a ${name} that does not exist, or is something else, is refused`, async () => {
    const options = await finder();
    const missing = join(options.cacheDir, "missing");
    await expect(finders[name]({ ...options, binary: missing })).rejects.toMatchObject({
      code: "BINARY_UNUSABLE",
      message: expect.stringContaining(`${missing} does not exist or is not executable`) as string,
    });
    const dataDir = await testFolder();
    await expect(start({ dataDir, binary: process.execPath })).rejects.toMatchObject({
      code: "BINARY_UNUSABLE",
      message: expect.stringContaining(`does not run as ${name}`) as string,
    });
    await start({ dataDir });
  });

  test(`a ${name} that is too old is refused with both versions`, async () => {
    const options = await finder();
    const binary = await writeProgram(join(options.cacheDir, "old"), tooOld[name]);
    await expect(finders[name]({ ...options, binary })).rejects.toMatchObject({
      code: "SERVER_TOO_OLD",
      message: expect.stringMatching(/is \w+ [\d.]+, but [\d.]+ or newer is needed/) as string,
    });
  });
}

/** A claim that a process holds which can be killed; only Node itself is needed for it. */
async function claimInOtherProcess(path: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const child = spawn(process.execPath, [program("claim"), path], { stdio: [...stdio] });
  const exited = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  disposeLater(kill);
  await once(child.stdout, "data");
  return { pid: child.pid ?? 0, kill };
}
