import { json } from "node:stream/consumers";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { z } from "zod";
import { adjust, createGraphqlClient } from "./graphql-request.ts";
import { measure } from "./measure.ts";

/** One client that mutates and another that watches, in a process of their own. */
const job = z
  .object({
    url: z.string(),
    ws: z.string(),
    token: z.string(),
    product: z.string(),
    run: z.string(),
    durationMs: z.number(),
  })
  .parse(await json(process.stdin));

const query = `subscription Watch {
  productFeed {
    __typename
    ... on ProductEvent { productId event { version } }
  }
}`;
const item = z.object({
  __typename: z.string(),
  event: z.object({ version: z.number() }).optional(),
  productId: z.string().optional(),
});

/** The version that the watcher has seen last, and how to wake the one who waits for the next. */
const watched = { version: 0, isOpen: false, wake: (): void => undefined };

const socket = createClient({
  webSocketImpl: WebSocket,
  url: job.ws,
  connectionParams: { authorization: `Bearer ${job.token}` },
  retryAttempts: 0,
});

async function watch(): Promise<never> {
  for await (const { data, errors } of socket.iterate<{ productFeed: unknown }>({ query })) {
    if (errors !== undefined) throw new Error(errors.map((error) => error.message).join("; "));
    const { event, productId } = item.parse(data?.productFeed);
    watched.isOpen = true;
    if (event !== undefined && productId === job.product) watched.version = event.version;
    watched.wake();
  }
  throw new Error("the subscription ended");
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise<void>((resolve) => {
      watched.wake = resolve;
    });
  }
}

async function mutate(): Promise<void> {
  const mutator = createGraphqlClient(job.url, job.token);
  await until(() => watched.isOpen);
  let answered = 0;
  const change = (): Promise<number> =>
    adjust(mutator, { productId: job.product, idempotencyKey: `${job.run}-${String(answered++)}` });
  let version = await change();
  const signal = AbortSignal.timeout(4 * job.durationMs + 10_000);
  const figure = await measure({ inFlight: 1, durationMs: job.durationMs, signal }, async () => {
    const next = ++version;
    await Promise.all([change(), until(() => watched.version >= next)]);
  });
  process.stdout.write(JSON.stringify({ figure, answered }));
  mutator.close();
}

await Promise.race([watch(), mutate()]);
await socket.dispose();
