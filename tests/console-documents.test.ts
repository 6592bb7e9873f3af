import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { consoleFiles } from "../cli/console-documents.ts";

const root = join(import.meta.dirname, "..");

it("types the console's documents as the schema is (npm run console:types writes them)", () => {
  for (const [path, text] of consoleFiles(root)) {
    expect(readFileSync(join(root, path), "utf8"), path).toBe(text);
  }
});
