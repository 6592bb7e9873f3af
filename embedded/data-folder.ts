import { mkdir, readFile, rename, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tryClaim, type Claim } from "./claim.ts";
import { codeOf, EmbeddedError, messageOf } from "./errors.ts";
import { pollUntil } from "./poll.ts";
import { describeProcess, type ProcessInfo } from "./process-info.ts";

/** What is kept beside the data: a replica set finds no primary on a port it does not know. */
export type DataState = {
  port: number;
  version: string;
  server?: { pid: number; identity: string };
};

/** The folder of one server's data, claimed for this process. */
export type DataFolder = {
  path: string;
  storePath: string;
  logPath: string;
  state: DataState | undefined;
  remember(state: DataState): Promise<void>;
  release(): Promise<void>;
};

const leavingTimeoutMs = 10_000;
const logBytesMax = 20_000_000;

/**
 * Opens (and makes) the data folder of a server. Throws an EmbeddedError: DATA_LOCKED names the
 * process that holds it, DISK_FULL, DISK_READ_ONLY and DISK_NOT_WRITABLE say what the disk refuses.
 */
export async function openDataFolder(path: string, serverName: string): Promise<DataFolder> {
  const storePath = join(path, serverName);
  const statePath = join(path, `${serverName}.json`);
  const logPath = join(path, `${serverName}.log`);
  const claim = await explainingDisk(path, async () => {
    await makeFolder(storePath);
    return claimFolder(path, serverName);
  });
  try {
    const state = await readState(statePath);
    if (state?.server) await waitForLeaving(path, state.server);
    await explainingDisk(path, () => rotateLog(logPath));
    return {
      path,
      storePath,
      logPath,
      state,
      remember: (next) => explainingDisk(path, () => writeState(statePath, next)),
      release: () => claim.release(),
    };
  } catch (thrown) {
    await claim.release();
    throw thrown;
  }
}

/** The one sentence for data that another process holds. */
export function dataLocked(path: string, holder: ProcessInfo): EmbeddedError {
  return new EmbeddedError(
    "DATA_LOCKED",
    `The data in ${path} are in use by process ${holder.pid} (${holder.command}); ` +
      "stop it, or choose another data folder.",
  );
}

export function diskFull(path: string, options?: ErrorOptions): EmbeddedError {
  return new EmbeddedError(
    "DISK_FULL",
    `The disk of ${path} is full; free some space there, or choose another data folder.`,
    options,
  );
}

/** Whether next to nothing is left on the disk: a server that fails then fails for that. */
export async function isDiskFull(path: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize < 4_000_000;
}

async function claimFolder(path: string, serverName: string): Promise<Claim> {
  const answer = await tryClaim(join(path, `${serverName}.lock`));
  if ("holder" in answer) throw dataLocked(path, answer.holder);
  return answer.claim;
}

/** After a kill -9 of its parent a server may need a moment to be gone. */
async function waitForLeaving(
  path: string,
  server: { pid: number; identity: string },
): Promise<void> {
  const findServer = async () => {
    const info = await describeProcess(server.pid);
    return info?.identity === server.identity ? info : undefined;
  };
  const isGone = await pollUntil(leavingTimeoutMs, async () =>
    (await findServer()) === undefined ? true : undefined,
  );
  const holder = await findServer();
  if (isGone === undefined && holder) throw dataLocked(path, holder);
}

async function readState(path: string): Promise<DataState | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as DataState;
  } catch {
    return undefined;
  }
}

async function writeState(path: string, state: DataState): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(state)}\n`);
  await rename(`${path}.new`, path);
}

async function rotateLog(path: string): Promise<void> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > logBytesMax) await rename(path, `${path}.1`);
}

/** Does work on the folder; what the disk refuses is thrown as one clear sentence. */
export async function explainingDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === "ENOSPC" || code === "EDQUOT") throw diskFull(path, { cause: thrown });
    if (code === "EROFS") {
      throw new EmbeddedError(
        "DISK_READ_ONLY",
        `The disk of ${path} is read-only; remount it, or choose another folder.`,
        { cause: thrown },
      );
    }
    if (code === "EACCES" || code === "EPERM" || code === "ENOTDIR" || code === "EEXIST") {
      throw new EmbeddedError(
        "DISK_NOT_WRITABLE",
        `The folder ${path} cannot be written (${messageOf(thrown)}); ` +
          "grant access to it, or choose another folder.",
        { cause: thrown },
      );
    }
    throw thrown;
  }
}

/** Makes a folder and those above it. Node's recursive mkdir hides EROFS behind ENOENT. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === "ENOENT" && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await makeFolder(path);
      return;
    }
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    if (!isFolder) throw thrown;
  }
}
