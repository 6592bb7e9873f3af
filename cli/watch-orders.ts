import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { z } from "zod";
import type { Running } from "./running.ts";

const feedItem = z.discriminatedUnion("__typename", [
  z.object({
    __typename: z.literal("OrderEvent"),
    cursor: z.string(),
    event: z.object({ type: z.string(), version: z.number(), at: z.string() }),
    order: z.object({
      number: z.string(),
      status: z.string(),
      total: z.object({ decimal: z.string(), currency: z.string() }),
    }),
  }),
  z.object({ __typename: z.literal("CaughtUp"), cursor: z.string() }),
  z.object({ __typename: z.literal("Reset"), cursor: z.string(), reason: z.string() }),
]);

const query = `subscription Watch($after: Cursor) {
  orderFeed(after: $after) {
    __typename
    ... on OrderEvent {
      cursor
      event { type version at }
      order { number status total { decimal currency } }
    }
    ... on CaughtUp { cursor }
    ... on Reset { cursor reason }
  }
}`;

interface WatchOptions {
  /** Asked at each (re)connection, since a restarted server may have moved and has new tokens. */
  readonly locate: () => Promise<Running>;
  readonly print: (line: string) => void;
}

/** Prints every order event from now on; resumes by cursor over any interruption. */
export async function watchOrders({ locate, print }: WatchOptions): Promise<void> {
  const variables: { after?: string } = {};
  let isConnected = false;
  const client = createClient({
    webSocketImpl: WebSocket,
    url: async () => (await locate()).ws,
    connectionParams: async () => ({
      authorization: `Bearer ${(await locate()).tokens?.operator ?? ""}`,
    }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: {
      connected: () => {
        isConnected = true;
        print("-- connected, watching orders");
      },
      closed: () => {
        if (isConnected) print("-- disconnected, resuming as soon as the gateway is back");
        isConnected = false;
      },
    },
  });
  for await (const result of client.iterate<{ orderFeed: unknown }>({ query, variables })) {
    if (result.errors) throw new Error(result.errors.map((error) => error.message).join("; "));
    const item = feedItem.parse(result.data?.orderFeed);
    // graphql-ws sends this same object again after a reconnect: the cursor makes it resume.
    variables.after = item.cursor;
    if (item.__typename === "Reset") print(`-- feed starts anew (${item.reason})`);
    if (item.__typename !== "OrderEvent") continue;
    const { order, event } = item;
    const total = `${order.total.decimal} ${order.total.currency}`;
    print(
      `${event.at}  ${order.number}  ${order.status}  ${total}  ${event.type} v${event.version}`,
    );
  }
}
