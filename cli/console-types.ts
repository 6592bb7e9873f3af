import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { consoleFiles } from "./console-documents.ts";

/** Writes what the console takes from schema.graphql: types of its documents, and its commands. */
const root = join(import.meta.dirname, "..");

for (const [path, text] of consoleFiles(root)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
