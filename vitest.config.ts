import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";
import { serverFolders } from "./tests/support/server-folders.ts";

/**
 * Vite would take the ES build of graphql and Node, inside Pothos and graphql-ws, the other one;
 * types of two builds do not know each other. This is the build that Node takes.
 */
const replacement = createRequire(import.meta.url).resolve("graphql");

/**
 * All tests, or with `--mode quick` those that need no server: machines, pure code, tidy. A run of
 * all starts one mongod for everybody; a test that needs more starts it (tests/support/servers.ts).
 */
export default defineConfig(({ mode }) => ({
  resolve: { alias: [{ find: /^graphql$/, replacement }] },
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: mode === "quick" ? serverFolders.map((name) => `tests/${name}/**`) : [],
    globalSetup: ["tests/support/global-setup.ts"],
    setupFiles: ["tests/support/setup.ts"],
    // Half of a test here is waiting for a server: three workers keep two cores busy.
    maxWorkers: 3,
    // No test changes a module or a global, and reading all modules anew for each file takes as
    // long as a third of the tests themselves.
    isolate: false,
    // No test is about speed, and a busy machine is no failure: what hangs is all these end.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 150_000 } },
  },
}));
