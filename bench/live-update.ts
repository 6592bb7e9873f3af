import { randomUUID } from "node:crypto";
import { z } from "zod";
import { commandIdFor } from "../machines/index.ts";
import { runClients } from "./client-process.ts";
import { figureSchema, type Figure } from "./measure.ts";
import type { Answered } from "./system.ts";

const SUBJECT = "bench-live";
const answer = z.object({ figure: figureSchema, answered: z.int() });

interface Options {
  readonly url: string;
  readonly ws: string;
  readonly sign: (subject: string) => string;
  readonly product: string;
  readonly answered: Answered;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** How long after a client has sent a mutation does another client see its frame? */
export async function measureLiveUpdate(options: Options): Promise<Figure> {
  const { url, ws, product, durationMs, signal } = options;
  const run = randomUUID();
  const program = new URL("./live-clients.ts", import.meta.url);
  const input = { url, ws, token: options.sign(SUBJECT), product, run, durationMs };
  const result = answer.parse(await runClients({ program, input, signal }));
  for (let key = 0; key < result.answered; key++) {
    options.answered.push(commandIdFor(SUBJECT, `${run}-${String(key)}`));
  }
  return { ...result.figure, cpuUs: null };
}
