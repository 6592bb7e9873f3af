import { json } from "node:stream/consumers";
import { z } from "zod";
import { createGraphqlClient, type GraphqlClient } from "./graphql-request.ts";
import { measure } from "./measure.ts";

/** The buyers of checkouts.ts, in a process of their own: each waits until the order is paid. */
const job = z
  .object({
    url: z.string(),
    tokens: z.array(z.string()).min(1),
    skus: z.array(z.string()).min(1),
    run: z.string(),
    durationMs: z.number(),
  })
  .parse(await json(process.stdin));

const create = `mutation Create($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id } errors { code message } }
}`;
const pay = `mutation Pay($input: ProcessPaymentInput!) {
  processPayment(input: $input) {
    order { status money { captured { minor } } } errors { code message }
  }
}`;

const payload = z.object({
  order: z
    .object({
      id: z.string().optional(),
      status: z.string().optional(),
      money: z.object({ captured: z.object({ minor: z.number() }) }).optional(),
    })
    .nullable(),
  errors: z.array(z.object({ code: z.string(), message: z.string() })),
});

const place = { line1: "1 Market Street", city: "London", postalCode: "SW1Y 4JH", country: "GB" };
const personal = {
  contact: { name: "Bench", email: "bench@example.com" },
  shippingAddress: { name: "Bench", ...place },
};

/** Orders one unit and pays; throws unless the order is confirmed and its money captured. */
async function checkOut(client: GraphqlClient, sku: string, key: string): Promise<void> {
  const items = [{ sku, quantity: 1 }];
  const order = { currency: "EUR", items, personal, idempotencyKey: `${key}/order` };
  const created = await client.send(create, { input: order });
  const { id } = payload.parse(created["createOrder"]).order ?? {};
  if (id === undefined) throw new Error(`no order: ${JSON.stringify(created)}`);
  const method = { kind: "CARD", token: "tok_approved" };
  const payment = { orderId: id, paymentMethod: method, idempotencyKey: `${key}/payment` };
  const paid = await client.send(pay, { input: { ...payment, consistency: "SETTLED" } });
  const { order: settled } = payload.parse(paid["processPayment"]);
  if (settled?.status !== "PROCESSING" || settled.money?.captured.minor === 0) {
    throw new Error(`not checked out: ${JSON.stringify(paid)}`);
  }
}

const clients = job.tokens.map((token) => createGraphqlClient(job.url, token));
const idle = clients.map((_, index) => index);
const keys: string[][] = clients.map(() => []);

const figure = await measure(
  {
    inFlight: clients.length,
    durationMs: job.durationMs,
    signal: AbortSignal.timeout(4 * job.durationMs + 20_000),
  },
  async (index) => {
    const who = idle.pop() ?? 0;
    const client = clients[who];
    if (client === undefined) throw new Error("there is no such buyer");
    const key = `${job.run}-${String(index)}`;
    await checkOut(client, job.skus[index % job.skus.length] ?? "", key);
    keys[who]?.push(`${key}/order`, `${key}/payment`);
    idle.push(who);
  },
);
for (const client of clients) client.close();
process.stdout.write(JSON.stringify({ figure, keys }));
