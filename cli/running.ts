import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const runningSchema = z.object({
  graphql: z.string(),
  ws: z.string(),
  nats: z.string(),
  mongodb: z.string(),
  tokens: z.object({ operator: z.string(), customer: z.string() }).optional(),
});

/** Where a running Statecart is reached: what `--json` prints, and what `npm run watch` reads. */
export type Running = z.infer<typeof runningSchema>;

const fileIn = (dataDir: string): string => join(dataDir, "running.json");

/** Leaves a note for the other commands; it holds tokens, so only the user may read it. */
export function writeRunning(dataDir: string, running: Running): void {
  rmSync(fileIn(dataDir), { force: true });
  writeFileSync(fileIn(dataDir), JSON.stringify({ ...running, pid: process.pid }), { mode: 0o600 });
}

export function removeRunning(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}

/** The note of a running Statecart, or null when there is none (yet). */
export function readRunning(dataDir: string): Running | null {
  try {
    const note: unknown = JSON.parse(readFileSync(fileIn(dataDir), "utf8"));
    // Throws when that process is gone: a killed one cannot take its note away.
    process.kill(z.object({ pid: z.int().positive() }).parse(note).pid, 0);
    return runningSchema.parse(note);
  } catch {
    return null;
  }
}
