import { json } from "node:stream/consumers";
import { z } from "zod";
import { adjust, createGraphqlClient } from "./graphql-request.ts";
import { measure } from "./measure.ts";

/** The clients of through-graphql.ts, in a process of their own: each waits for its answer. */
const job = z
  .object({
    url: z.string(),
    tokens: z.array(z.string()).min(1),
    products: z.array(z.string()).min(1),
    run: z.string(),
    durationMs: z.number(),
  })
  .parse(await json(process.stdin));

const clients = job.tokens.map((token) => createGraphqlClient(job.url, token));
const answered = clients.map(() => 0);
const idle = clients.map((_, index) => index);

const figure = await measure(
  {
    inFlight: clients.length,
    durationMs: job.durationMs,
    signal: AbortSignal.timeout(4 * job.durationMs + 10_000),
  },
  async (index) => {
    const who = idle.pop() ?? 0;
    const client = clients[who];
    if (client === undefined) throw new Error("there is no such client");
    const idempotencyKey = `${job.run}-${String(answered[who])}`;
    const productId = job.products[index % job.products.length] ?? "";
    await adjust(client, { productId, idempotencyKey });
    answered[who] = (answered[who] ?? 0) + 1;
    idle.push(who);
  },
);
for (const client of clients) client.close();
process.stdout.write(JSON.stringify({ figure, answered }));
