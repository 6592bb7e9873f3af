import { describe, expect, it } from "vitest";
import { documentLinks, frontComments, walkNames } from "./support/tidy/documents.ts";
import { deadFiles, importCycles, importTable } from "./support/tidy/imports.ts";
import { exactVersions, lockFile } from "./support/tidy/manifest.ts";
import { environment, purity } from "./support/tidy/purity.ts";
import { repoOf, type Rule } from "./support/tidy/repo.ts";
import { fileLength, functionLength, lineLength, parameterCount } from "./support/tidy/sizes.ts";
import {
  bannedWords,
  consoleCalls,
  defaultExports,
  fileNames,
  testHabits,
} from "./support/tidy/wording.ts";

interface Sample {
  readonly rule: Rule;
  readonly finds: string;
  readonly bad: Readonly<Record<string, string>>;
  readonly good: Readonly<Record<string, string>>;
}

const longBody = (lines: number): string => "  a += 1;\n".repeat(lines);

/** A rule that finds nothing in a bad tree protects nothing: each is shown one of either kind. */
const samples: Readonly<Record<string, Sample>> = {
  "a room that imports a room design 1 keeps from it": {
    rule: importTable,
    finds: "log may import machines, not actors",
    bad: { "log/a.ts": 'import { b } from "../actors/index.ts";' },
    good: { "log/a.ts": 'import { b } from "../machines/index.ts";' },
  },
  "a room that imports past a front file": {
    rule: importTable,
    finds: "through its front file machines/index.ts",
    bad: { "log/a.ts": 'export { b } from "../machines/order/decide.ts";' },
    good: { "log/a.ts": 'export { b } from "../machines/index.ts";' },
  },
  "a driver outside its room": {
    rule: importTable,
    finds: "mongodb belongs to log",
    bad: { "actors/a.ts": 'const m = await import("mongodb");' },
    good: { "log/a.ts": 'import type { Db } from "mongodb";' },
  },
  "NATS in the gateway": {
    rule: importTable,
    finds: "nats belongs to log",
    bad: { "gateway/a.ts": 'import type { NatsConnection } from "nats";' },
    good: { "bench/a.ts": 'import { connect } from "nats";' },
  },
  "a room that imports the wiring": {
    rule: importTable,
    finds: "not root",
    bad: { "actors/a.ts": 'import { config } from "../config.ts";' },
    good: { "main.ts": 'import { config } from "./config.ts";' },
  },
  "a room nobody has agreed on": {
    rule: importTable,
    finds: "not a room of design 1",
    bad: { "helpers/a.ts": 'import { b } from "../log/index.ts";' },
    good: { "cli/a.ts": 'import { b } from "../log/index.ts";' },
  },
  "I/O in machines": {
    rule: importTable,
    finds: "machines is pure",
    bad: { "machines/a.ts": 'import { readFileSync } from "node:fs";' },
    good: { "machines/a.ts": 'import { assign } from "xstate";' },
  },
  "random bytes in machines": {
    rule: importTable,
    finds: "not randomBytes",
    bad: { "machines/a.ts": 'import { createHash, randomBytes } from "node:crypto";' },
    good: { "machines/a.ts": 'import { createHash } from "node:crypto";' },
  },
  "files that import one another": {
    rule: importCycles,
    finds: "log/a.ts -> log/b.ts -> log/a.ts",
    bad: { "log/a.ts": 'import "./b.ts";', "log/b.ts": 'import "./a.ts";' },
    good: { "log/a.ts": 'import "./b.ts";', "log/b.ts": "" },
  },
  "a file nobody imports": {
    rule: deadFiles,
    finds: "nobody imports",
    bad: { "package.json": '{"scripts":{}}', "main.ts": "" },
    good: {
      "package.json": '{"scripts":{"start":"node main.ts"}}',
      "main.ts": 'new Worker(new URL("./log/worker.ts", import.meta.url));',
      "log/worker.ts": "",
    },
  },
  "a clock in machines": {
    rule: purity,
    finds: "new Date() reads the clock",
    bad: { "machines/a.ts": "export const now = new Date();" },
    good: { "machines/a.ts": "export const at = (now: string) => new Date(now);" },
  },
  "a random number in machines": {
    rule: purity,
    finds: "draws no number",
    bad: { "machines/a.ts": "export const n = Math.random();" },
    good: { "log/a.ts": "export const n = Math.random();" },
  },
  "the environment read in a room": {
    rule: environment,
    finds: "read once, in config.ts",
    bad: { "log/a.ts": "const url = process.env['MONGODB_URL'];" },
    good: { "config.ts": "const url = process.env['MONGODB_URL'];" },
  },
  "a file too long": {
    rule: fileLength,
    finds: "301 lines",
    bad: { "log/a.ts": "a;\n".repeat(301) },
    good: { "log/a.ts": "a;\n".repeat(300) },
  },
  "a function too long": {
    rule: functionLength,
    finds: "function of 71 lines",
    bad: { "log/a.ts": `export const f = () => {\n${longBody(69)}};` },
    good: { "tests/a.test.ts": `describe("a", () => {\n${longBody(90)}});` },
  },
  "a line too long": {
    rule: lineLength,
    finds: "101 columns",
    bad: { "log/a.ts": "a".repeat(101) },
    good: { "README.md": "a".repeat(101) },
  },
  "a function of four parameters": {
    rule: parameterCount,
    finds: "take one options object",
    bad: { "log/a.ts": "export function f(a: A, b: B, c: C, d: D): void {}" },
    good: { "gateway/a.ts": "field({ resolve: (a, b, c, d) => a });" },
  },
  "an unfinished mark": {
    rule: bannedWords,
    finds: "unfinished",
    bad: { "docs/a.md": ["TO", "DO: later"].join("") },
    good: { "docs/a.md": "todos are issues" },
  },
  "a path of one machine": {
    rule: bannedWords,
    finds: "a path of one machine",
    bad: { "docs/a.md": ["see /", "home/me/notes"].join("") },
    good: { "docs/a.md": "see docs/notes" },
  },
  "a registry's address": {
    rule: bannedWords,
    finds: "registry",
    bad: { ".npmrc": ["registry=https://registry.npm", "js.org"].join("") },
    good: { ".npmrc": "save-exact=true" },
  },
  "a committed key": {
    rule: bannedWords,
    finds: "private key",
    bad: { "tests/a.ts": ["-----BEGIN PRIV", "ATE KEY-----"].join("") },
    good: { "tests/a.ts": "-----BEGIN PUBLIC KEY-----" },
  },
  "a room that prints": {
    rule: consoleCalls,
    finds: "pino logger",
    bad: { "actors/a.ts": "console.warn(1);" },
    good: { "cli/a.ts": "console.log(1);" },
  },
  "a drawer for leftovers": {
    rule: fileNames,
    finds: "named file",
    bad: { "log/utils.ts": "" },
    good: { "log/backoff.ts": "" },
  },
  "a camelCase file": {
    rule: fileNames,
    finds: "kebab-case",
    bad: { "log/eventStore.ts": "" },
    good: { "log/event-store.ts": "" },
  },
  "a default export": {
    rule: defaultExports,
    finds: "by name",
    bad: { "log/a.ts": "export default function f() {}" },
    good: { "vitest.config.ts": "export default {};" },
  },
  "a mock": {
    rule: testHabits,
    finds: "no mocks",
    bad: { "tests/a.test.ts": 'vi.mock("../log/index.ts");' },
    good: { "tests/a.test.ts": "vi.setSystemTime(0);" },
  },
  "a sleep in a test": {
    rule: testHabits,
    finds: "no sleeps",
    bad: { "tests/a.test.ts": "await new Promise((resolve) => setTimeout(resolve, 50));" },
    good: { "tests/a.test.ts": "await eventually(() => seen.length === 1);" },
  },
  "a wish as a title": {
    rule: testHabits,
    finds: "present tense",
    bad: { "tests/a.test.ts": 'it("should work", run);' },
    good: { "tests/a.test.ts": 'it("works", run);' },
  },
  "a focused test": {
    rule: testHabits,
    finds: ".only",
    bad: { "tests/a.test.ts": 'it.only("works", run);' },
    good: { "tests/a.test.ts": 'it("works", run);' },
  },
  "a room without an opening": {
    rule: frontComments,
    finds: "needs 3 to 8",
    bad: { "log/index.ts": "/** The log. It logs. */\nexport {};" },
    good: { "log/index.ts": "/**\n * Writes. `append` is all.\n * Never reads.\n */\nexport {};" },
  },
  "a walk past a file that is gone": {
    rule: walkNames,
    finds: "log/gone.ts does not exist",
    bad: { "docs/walk.md": "| 5 | `log/gone.ts` |" },
    good: { "docs/walk.md": "| 5 | `log/event-store` |", "log/event-store.ts": "" },
  },
  "a broken link": {
    rule: documentLinks,
    finds: "does not exist",
    bad: { "docs/a.md": "[b](b.md)" },
    good: { "docs/a.md": "[b](../README.md#start) [c](https://example.org)", "README.md": "" },
  },
  "a loose version": {
    rule: exactVersions,
    finds: "pin one version",
    bad: { "package.json": '{"dependencies":{"a":"^1.0.0"}}' },
    good: { "package.json": '{"dependencies":{"a":"1.0.0"}}' },
  },
  "a lock file with addresses": {
    rule: lockFile,
    finds: "omit-lockfile-registry-resolved",
    bad: { "package-lock.json": '{"packages":{"a":{"resolved":"x"}}}' },
    good: { "package-lock.json": '{"packages":{"a":{}}}' },
  },
};

describe("each tidy rule", () => {
  for (const [title, { rule, finds, bad, good }] of Object.entries(samples)) {
    it(`finds ${title}, and says what to do instead`, () => {
      expect(rule(repoOf(bad)).map((one) => one.advice)).toEqual([expect.stringContaining(finds)]);
      expect(rule(repoOf(good))).toEqual([]);
    });
  }
});
