import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { watch } from "../support/graphql.ts";
import { eventually, testMongod, testNats } from "../support/servers.ts";
import { startStatecartProcess, type StatecartProcess } from "../support/statecart-process.ts";
import {
  accepted,
  mutate,
  orderOf,
  publishedProduct,
  restingEvents,
  sendUntilAnswered,
} from "./shop.ts";

const query = `subscription ($after: Cursor) {
  orderFeed(after: $after) {
    __typename
    ... on OrderEvent { cursor event { id } }
    ... on CaughtUp { cursor }
    ... on Reset { cursor reason }
  }
}`;

interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly event?: { readonly id: string };
}

function watchOrders(statecart: StatecartProcess): { ids: () => string[]; isLive: () => boolean } {
  const { items } = watch<Item>({
    url: statecart.ws,
    token: statecart.tokens.operator,
    query,
    pick: (data) => {
      const item = data["orderFeed"] as Item;
      return { item, cursor: item.cursor };
    },
  });
  return {
    ids: () => items.flatMap(({ event }) => (event ? [event.id] : [])),
    isLive: () => items.some((item) => item.__typename === "CaughtUp"),
  };
}

/** What every reader must have seen, once all has come to rest. */
async function storedEvents(url: string): Promise<string[]> {
  const client = await new MongoClient(url).connect();
  onTestFinished(() => client.close());
  return restingEvents(client.db("statecart"));
}

async function given() {
  const [mongod, nats] = await Promise.all([testMongod(), testNats()]);
  const statecart = await startStatecartProcess({
    env: { MONGODB_URL: mongod.url, NATS_URL: nats.url, STATECART_COMMAND_DEADLINE_MS: "2000" },
  });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  return { mongod, nats, statecart, signal: stop.signal };
}

test("MongoDB restarting underneath is ridden out by commands, reads and feeds", async () => {
  const { mongod, statecart, signal } = await given();
  const sku = await publishedProduct(statecart);
  const seen = watchOrders(statecart);
  await eventually(seen.isLive);

  const sent: string[] = [];
  const isEnough = (count: number) => () => sent.length >= count;
  const place = async (): Promise<void> => {
    while (sent.length < 120) {
      const input = { customerId: "ada", ...orderOf(sku, randomUUID()) };
      const answer = await sendUntilAnswered(
        { door: () => statecart, signal },
        "createOrder",
        input,
      );
      expect(answer.errors).toEqual([]);
      sent.push(`${answer.order?.id ?? ""}/1`);
    }
  };
  const load = Promise.all([place(), place(), place(), place()]);
  for (const count of [20, 60]) {
    await eventually(isEnough(count));
    await mongod.kill();
    await mongod.restart();
  }
  await load;
  const stored = await storedEvents(mongod.url);
  expect(stored).toEqual(expect.arrayContaining(sent));
  await eventually(() => seen.ids().length >= stored.length);
  expect(seen.ids().sort()).toEqual(stored);
});

test("without MongoDB a command is UNAVAILABLE within a bound, and later answered", async () => {
  const { mongod, statecart, signal } = await given();
  const sku = await publishedProduct(statecart);
  await mongod.kill();
  const input = { customerId: "ada", ...orderOf(sku) };
  const { errors } = await mutate(statecart, "createOrder", input);
  expect(errors?.[0]?.extensions).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  await mongod.restart();
  const answer = await sendUntilAnswered({ door: () => statecart, signal }, "createOrder", input);
  expect(answer).toMatchObject({ version: 2, errors: [] });
});

test("without NATS commands are answered, and live feeds resume when it is back", async () => {
  const { mongod, nats, statecart } = await given();
  const sku = await publishedProduct(statecart);
  const seen = watchOrders(statecart);
  await eventually(seen.isLive);
  const place = async (): Promise<string> => {
    const { order } = await accepted(statecart, "createOrder", {
      customerId: "ada",
      consistency: "STRONG",
      ...orderOf(sku),
    });
    return `${order?.id ?? ""}/1`;
  };
  const before = await place();
  await eventually(() => seen.ids().includes(before));
  await nats.kill();
  const meanwhile = [await place(), await place(), await place()];
  await nats.restart();
  const after = await place();
  const all = [before, ...meanwhile, after];
  const stored = await storedEvents(mongod.url);
  expect(stored).toEqual(expect.arrayContaining(all));
  await eventually(() => seen.ids().length >= stored.length);
  expect(seen.ids().sort()).toEqual(stored);
});
