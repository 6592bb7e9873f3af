import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createGraphqlClient, type GraphqlClient } from "./graphql-request.ts";
import { makeGoods, type System } from "./system.ts";

const CLIENTS = 8;
const TICK_MS = 20;

/** Orders that go back and forth between two columns of the board, one event each time. */
export interface MovingOrders {
  /** Sends so many commands a second for so long; resolves with how many events came of it. */
  move(perSecond: number, durationMs: number): Promise<number>;
  close(): void;
}

const create = `mutation Create($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id } errors { code message } }
}`;
const hold = `mutation Hold($input: HoldOrderInput!) {
  holdOrder(input: $input) { version errors { code message } }
}`;
const release = `mutation Release($input: ReleaseHoldInput!) {
  releaseHold(input: $input) { version errors { code message } }
}`;

interface Payload {
  readonly order?: { readonly id: string } | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** Places them; each holds its stock and waits for its payment. */
export async function placeMovingOrders(system: System, count: number): Promise<MovingOrders> {
  const [sku = ""] = await makeGoods(system.bus, 1, []);
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    createGraphqlClient(system.url, system.sign(`mover-${String(index)}`)),
  );
  const clientOf = (index: number): GraphqlClient => {
    const client = clients[index % CLIENTS];
    if (client === undefined) throw new Error("there is no client");
    return client;
  };
  const ids = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { order } = await accepted(clientOf(index), [create, "createOrder"], {
        ...{ idempotencyKey: randomUUID(), currency: "EUR", customerId: "mover" },
        ...{ items: [{ sku, quantity: 1 }], personal, consistency: "SETTLED" },
      });
      return order?.id ?? "";
    }),
  );

  /** The n-th command: each order is held and released in turn. */
  const send = (nth: number): Promise<Payload> => {
    const index = nth % count;
    const orderId = ids[index];
    const isHeld = Math.floor(nth / count) % 2 === 1;
    return isHeld
      ? accepted(clientOf(index), [release, "releaseHold"], { orderId, reason: "bench" })
      : accepted(clientOf(index), [hold, "holdOrder"], { orderId, reason: "bench" });
  };

  return {
    async move(perSecond, durationMs) {
      const startedAt = performance.now();
      const turns = ids.map(() => Promise.resolve<unknown>(null));
      let sent = 0;
      while (performance.now() - startedAt < durationMs) {
        const due = ((performance.now() - startedAt) * perSecond) / 1_000;
        for (; sent < due; sent += 1) {
          const nth = sent;
          // One order's commands follow each other; the orders do not wait for each other.
          turns[nth % count] = (turns[nth % count] ?? Promise.resolve()).then(() => send(nth));
        }
        await pause(TICK_MS);
      }
      await Promise.all(turns);
      return sent;
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}

const personal = {
  contact: { name: "Ada Lovelace", email: "ada@example.com" },
  shippingAddress: {
    ...{ name: "Ada Lovelace", line1: "12 St James's Square" },
    ...{ city: "London", postalCode: "SW1Y 4JH", country: "GB" },
  },
};

async function accepted(
  client: GraphqlClient,
  [query, name]: readonly [query: string, name: string],
  input: object,
): Promise<Payload> {
  const payload = (await client.send(query, { input }))[name] as Payload;
  const [error] = payload.errors;
  if (error !== undefined) throw new Error(`${name}: ${error.code} ${error.message}`);
  return payload;
}
