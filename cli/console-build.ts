import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../console");
const built = join(folder, "dist");
/** Lies beside the built files and says of which sources they are. */
const MARK = "sources.sha256";

/**
 * Builds the console unless it is built from just these sources. Answers with null when it is
 * there, else with why not: the rest of Statecart runs without it.
 */
export async function consoleBuild(report: (line: string) => void): Promise<string | null> {
  const hash = hashOfSources();
  const mark = join(built, MARK);
  if (existsSync(mark) && readFileSync(mark, "utf8") === hash) return null;
  const vite = viteProgram();
  if (vite === null) return "vite is not installed (npm install without --omit=dev brings it)";
  report("statecart: building the console, which takes some seconds");
  // Somebody else may build as well, or look at the old one: it appears all at once.
  const fresh = join(folder, ".cache", `build-${String(process.pid)}`);
  const child = spawn(process.execPath, [vite, "build", "--outDir", fresh, "--logLevel", "warn"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    return `vite ended with ${String(code)}\n${said}`;
  }
  writeFileSync(join(fresh, MARK), hash);
  rmSync(built, { recursive: true, force: true });
  renameSync(fresh, built);
  return null;
}

function viteProgram(): string | null {
  try {
    const manifest = createRequire(join(folder, "package.json")).resolve("vite/package.json");
    return join(manifest, "../bin/vite.js");
  } catch {
    return null;
  }
}

/** sha256 over everything that the built files depend on, hex. */
function hashOfSources(): string {
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const others = ["index.html", "package.json", "vite.config.ts", "tsconfig.json"];
  const hash = createHash("sha256");
  for (const path of [...sources, ...others.map((name) => join(folder, name))].sort()) {
    hash.update(path.slice(folder.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}
