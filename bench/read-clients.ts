import { json } from "node:stream/consumers";
import { z } from "zod";
import { createGraphqlClient } from "./graphql-request.ts";
import { quantilesOf } from "./measure.ts";

/** The client of read.ts, in a process of its own: asks one question after the other, alone. */
const job = z
  .object({
    url: z.string(),
    token: z.string(),
    questions: z.array(
      z.object({
        name: z.string(),
        query: z.string(),
        variables: z.record(z.string(), z.unknown()),
      }),
    ),
    /** Asked before it counts: what is counted anew after a change is counted once. */
    warmUps: z.int(),
    /** Each question is asked for so long, and so often at least. */
    durationMs: z.number(),
    timesMin: z.int(),
  })
  .parse(await json(process.stdin));

const client = createGraphqlClient(job.url, job.token);
const figures: { firstMs: number; p50Ms: number; p99Ms: number; times: number }[] = [];

async function timed({ query, variables }: { query: string; variables: object }): Promise<number> {
  const sent = performance.now();
  await client.send(query, variables);
  return performance.now() - sent;
}

for (const question of job.questions) {
  const firstMs = await timed(question);
  for (let time = 1; time < job.warmUps; time += 1) await timed(question);
  const latencies: number[] = [];
  const end = performance.now() + job.durationMs;
  while (performance.now() < end || latencies.length < job.timesMin) {
    latencies.push(await timed(question));
  }
  figures.push({ firstMs, ...quantilesOf(latencies), times: latencies.length });
}
client.close();
process.stdout.write(JSON.stringify({ figures }));
