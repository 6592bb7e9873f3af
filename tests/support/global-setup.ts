import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { consoleBuild } from "../../cli/console-build.ts";
import { defaultCacheDir, findNatsServer, startMongod } from "../../embedded/index.ts";
import { buildPrograms } from "./build-programs.ts";
import { chromium, isChromiumDemanded } from "../../cli/chromium.ts";
import { mongodTestArgs } from "./mongod-test-args.ts";
import { serverFolders } from "./server-folders.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** One mongod, shared by all test files of a run. */
    mongodbUrl: string;
    /** Where the programs lie that tests start; tests/support/programs.ts knows their names. */
    programs: string;
    /** Everything that tests write to disk is below it; it is removed with the run. */
    tempRoot: string;
  }
}

const prefix = "statecart-tests-";

/** Starts what a whole run of tests shares, if any needs it; the answer ends and removes it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  if (!needsServers(project)) return () => Promise.resolve();
  const tempRoot = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const cacheDir = defaultCacheDir();
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    if (needsBrowser(project)) await prepareConsole(report);
    const [mongodBinary, natsBinary] = [process.env["MONGOD_BIN"], process.env["NATS_SERVER_BIN"]];
    // Fetched here, if need be, so that no test waits for it.
    await findNatsServer({ cacheDir, report, ...(natsBinary && { binary: natsBinary }) });
    const mongod = await startMongod({
      dataDir: join(tempRoot, "shared-mongod"),
      cacheDir,
      report,
      extraArgs: mongodTestArgs(),
      ...(mongodBinary && { binary: mongodBinary }),
    });
    project.provide("programs", await buildPrograms(join(tempRoot, "programs")));
    project.provide("mongodbUrl", mongod.url);
    project.provide("tempRoot", tempRoot);
    return async () => {
      await mongod.kill();
      await rm(tempRoot, { recursive: true, force: true });
    };
  } catch (thrown) {
    await rm(tempRoot, { recursive: true, force: true });
    throw thrown;
  }
}

/** Whether a file of this run is one that needs servers; which they are is known by now. */
function needsServers({ vitest }: TestProject): boolean {
  return vitest.state
    .getPaths()
    .some((path) => serverFolders.some((name) => path.includes(`/tests/${name}/`)));
}

function needsBrowser({ vitest }: TestProject): boolean {
  return vitest.state.getPaths().some((path) => path.includes("/tests/console/"));
}

/** Builds what the browser tests look at, or says why they are skipped. */
async function prepareConsole(report: (line: string) => void): Promise<void> {
  if (chromium === null) {
    const reason = "there is no Chromium (put one on PATH, or its path into CHROMIUM_BIN)";
    if (isChromiumDemanded) throw new Error(`the browser tests cannot run: ${reason}`);
    report(`the browser tests are skipped: ${reason}`);
    return;
  }
  const problem = await consoleBuild(report);
  if (problem !== null) throw new Error(`the console cannot be built: ${problem}`);
}

/** Folders of runs that were killed before they could tidy up. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^statecart-tests-(\d+)-/.exec(name)?.[1]);
    if (!name.startsWith(prefix) || !Number.isInteger(pid) || isAlive(pid)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
