import { randomUUID } from "node:crypto";
import { z } from "zod";
import { commandIdFor } from "../machines/index.ts";
import { runClients } from "./client-process.ts";
import { figureSchema, type Figure } from "./measure.ts";
import type { Answered } from "./system.ts";

export const CLIENTS = 64;

const answer = z.object({ figure: figureSchema, answered: z.array(z.int()) });

interface Options {
  readonly url: string;
  /** Signs a token: each client is somebody else, as clients are. */
  readonly sign: (subject: string) => string;
  readonly products: readonly string[];
  readonly answered: Answered;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** How many mutations a second do 64 clients get answered over HTTP? */
export async function measureThroughGraphql(options: Options): Promise<Figure> {
  const { url, products, durationMs, signal } = options;
  const run = randomUUID();
  const subjects = Array.from({ length: CLIENTS }, (_, index) => `bench-${String(index)}`);
  const input = { url, tokens: subjects.map(options.sign), products, run, durationMs };
  const program = new URL("./mutation-clients.ts", import.meta.url);
  const cpuBefore = process.cpuUsage();
  const result = answer.parse(await runClients({ program, input, signal }));
  const cpu = process.cpuUsage(cpuBefore);
  let count = 0;
  for (const [index, subject] of subjects.entries()) {
    for (let key = 0; key < (result.answered[index] ?? 0); key++) {
      options.answered.push(commandIdFor(subject, `${run}-${String(key)}`));
      count++;
    }
  }
  return { ...result.figure, cpuUs: (cpu.user + cpu.system) / Math.max(1, count) };
}
