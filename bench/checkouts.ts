import { randomUUID } from "node:crypto";
import { z } from "zod";
import { commandIdFor } from "../machines/index.ts";
import { runClients } from "./client-process.ts";
import { figureSchema, type Figure } from "./measure.ts";
import type { Answered } from "./system.ts";

export const BUYERS = 64;

const answer = z.object({ figure: figureSchema, keys: z.array(z.array(z.string())) });

interface Options {
  readonly url: string;
  /** Signs a customer's token. */
  readonly signBuyer: (subject: string) => string;
  /** On sale, with more in stock than can be sold. */
  readonly skus: readonly string[];
  readonly answered: Answered;
  /** Resolves when the relay and the read models have everything. */
  readonly drained: () => Promise<unknown>;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/**
 * How many orders a second go all the way: created, reserved, paid, confirmed, committed and
 * captured, by the provider's ledger too? The CPU is that of all of it, draining included.
 */
export async function measureCheckouts(options: Options): Promise<Figure> {
  const { url, skus, durationMs, signal } = options;
  const run = randomUUID();
  const subjects = Array.from({ length: BUYERS }, (_, index) => `bench-buyer-${String(index)}`);
  const input = { url, tokens: subjects.map(options.signBuyer), skus, run, durationMs };
  const program = new URL("./checkout-clients.ts", import.meta.url);
  const cpuBefore = process.cpuUsage();
  const result = answer.parse(await runClients({ program, input, signal }));
  await options.drained();
  const cpu = process.cpuUsage(cpuBefore);
  const keys = result.keys.flatMap((own, index) =>
    own.map((key) => commandIdFor(subjects[index] ?? "", key)),
  );
  options.answered.push(...keys);
  return { ...result.figure, cpuUs: (cpu.user + cpu.system) / Math.max(1, keys.length / 2) };
}
