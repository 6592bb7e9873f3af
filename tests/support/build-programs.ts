import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

/** What tests start as processes of their own. */
const sources = {
  main: new URL("../../main.ts", import.meta.url),
  watch: new URL("../../cli/watch.ts", import.meta.url),
  rebuild: new URL("../../cli/rebuild.ts", import.meta.url),
  "dead-letters": new URL("../../cli/dead-letters.ts", import.meta.url),
  demo: new URL("../../cli/demo.ts", import.meta.url),
  "demo-oversell": new URL("../../cli/demo-oversell.ts", import.meta.url),
  claim: new URL("../embedded/claim-process.ts", import.meta.url),
  servers: new URL("../embedded/servers-process.ts", import.meta.url),
  relay: new URL("../log/relay-process.ts", import.meta.url),
  paying: new URL("../payments/paying-process.ts", import.meta.url),
  coordination: new URL("../faults/coordination-process.ts", import.meta.url),
} as const;

export type ProgramName = keyof typeof sources;

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds every program once into `folder`, packages included: started from its sources, a process
 * pays 3 s of CPU for reading them, and a run of all tests starts a hundred. Resolves with where
 * `<name>.js` lies.
 */
export async function buildPrograms(folder: string): Promise<string> {
  const outdir = join(folder, "app");
  await mkdir(outdir, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [name, fileURLToPath(source)]),
    ),
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    sourcemap: true,
    logLevel: "error",
    // Packages that are looked for at run time only, if they are needed at all.
    external: ["mongodb-memory-server-core", "bufferutil", "utf-8-validate", "@aws-sdk/*"],
    // Packages in CommonJS ask for Node's own modules by this name.
    banner: {
      js:
        'import { createRequire as requireFrom } from "node:module";' +
        "const require = requireFrom(import.meta.url);",
    },
  });
  await stop();
  // What a program looks for beside its rooms: the statecharts to hash, packages to resolve, and
  // the console to serve.
  for (const name of ["machines", "node_modules", "console"]) {
    await symlink(join(root, name), join(folder, name));
  }
  return outdir;
}
