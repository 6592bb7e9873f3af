import { describe, expect, it } from "vitest";
import { documentLinks, frontComments, walkNames } from "./support/tidy/documents.ts";
import { deadFiles, importCycles, importTable } from "./support/tidy/imports.ts";
import { exactVersions, lockFile } from "./support/tidy/manifest.ts";
import { environment, purity } from "./support/tidy/purity.ts";
import { loadRepo, type Rule } from "./support/tidy/repo.ts";
import { fileLength, functionLength, lineLength, parameterCount } from "./support/tidy/sizes.ts";
import {
  bannedWords,
  consoleCalls,
  defaultExports,
  fileNames,
  testHabits,
} from "./support/tidy/wording.ts";

/** The house rules of style.md and the import table of design 1, on the tree as it is. */
const rules: Readonly<Record<string, Rule>> = {
  "rooms import only what design 1 allows them": importTable,
  "no file imports itself in a circle": importCycles,
  "every file is used": deadFiles,
  "machines is pure": purity,
  "the environment is read in config.ts only": environment,
  "files stay within 300 lines": fileLength,
  "functions stay within 70 lines": functionLength,
  "lines stay within 100 columns": lineLength,
  "functions take three parameters at most": parameterCount,
  "nothing unfinished, local or secret is committed": bannedWords,
  "only programs speak to the console": consoleCalls,
  "files have speaking names": fileNames,
  "exports have names": defaultExports,
  "tests use no mocks, no sleeps and plain titles": testHabits,
  "every room opens with what it does": frontComments,
  "docs/walk.md names files that exist": walkNames,
  "documents link to files that exist": documentLinks,
  "dependencies are pinned": exactVersions,
  "the lock file names no registry": lockFile,
};

describe("the house is tidy", () => {
  const repo = loadRepo(new URL("..", import.meta.url).pathname);

  for (const [title, rule] of Object.entries(rules)) {
    it(title, () => {
      const faults = rule(repo).map((one) => `${one.path}:${String(one.line)} ${one.advice}`);
      expect(faults).toEqual([]);
    });
  }
});
