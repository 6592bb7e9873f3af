import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const machinesFolder = join(import.meta.dirname, "../machines");

/**
 * sha256 over the statecharts' own source (as it runs: .ts here, .js when built), hex. A snapshot
 * of another hash is never used. Throws when the folder cannot be read.
 */
export function machineHash(): string {
  const hash = createHash("sha256");
  for (const path of sourceFiles()) {
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(machinesFolder, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function sourceFiles(): string[] {
  return readdirSync(machinesFolder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith(".d.ts"))
    .sort();
}
