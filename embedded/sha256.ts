import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";

/** Throws when a file is not the one that is known. */
export async function checkSha256(path: string, expected: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const actual = hash.digest("hex");
  if (actual === expected.toLowerCase()) return;
  throw new Error(`${basename(path)} has SHA-256 ${actual}, but ${expected} is expected`);
}
