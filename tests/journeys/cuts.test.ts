import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { watch } from "../support/graphql.ts";
import { eventually } from "../support/servers.ts";
import { startStatecartProcess } from "../support/statecart-process.ts";
import { orderOf, publishedProduct, restingEvents, sendUntilAnswered } from "./shop.ts";

const CUTS = 100;
const ORDERS = 130;
/** Each order is created, added to twice and cancelled; its reservation adds events to these. */
const COMMANDS = ORDERS * 4;
const EVENTS = 1_000;
const KILLS = 2;
const SEED = 20_261_123;

const query = `subscription ($after: Cursor) {
  orderFeed(after: $after) {
    __typename
    ... on OrderEvent { cursor event { id type version } }
    ... on CaughtUp { cursor }
    ... on Reset { cursor reason }
  }
}`;

interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly event?: { readonly id: string };
}

/** Park and Miller's generator: the same cuts in every run. */
function random(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test("a client cut 100 times over 1,000 events misses nothing, kills included", async () => {
  let statecart = await startStatecartProcess();
  const skus = [
    await publishedProduct(statecart),
    await publishedProduct(statecart),
    await publishedProduct(statecart),
  ];
  const seen = watch<Item>({
    url: () => statecart.ws,
    token: () => statecart.tokens.operator,
    query,
    pick: (data) => {
      const item = data["orderFeed"] as Item;
      return { item, cursor: item.cursor };
    },
  });
  await eventually(() => seen.items.some((item) => item.__typename === "CaughtUp"));

  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const send = (name: string, input: object) =>
    sendUntilAnswered({ door: () => statecart, signal: stop.signal }, name, { ...input });
  let sent = 0;
  const live = async (client: number): Promise<void> => {
    for (let order = client; order < ORDERS; order += 8) {
      const key = `order-${order}`;
      const created = await send("createOrder", {
        customerId: "ada",
        ...orderOf(skus[0] ?? "", key),
      });
      const orderId = created.order?.id;
      for (const [step, sku] of skus.slice(1).entries()) {
        const input = { orderId, sku, quantity: 1, idempotencyKey: `${key}-${step}` };
        const { errors } = await send("addOrderItem", input);
        expect(errors).toEqual([]);
      }
      await send("cancelOrder", { orderId, reason: "CUSTOMER", idempotencyKey: `${key}-end` });
      sent += 4;
    }
  };
  const load = Promise.all(Array.from({ length: 8 }, (_, client) => live(client)));

  const next = random(SEED);
  for (let cut = 1; cut <= CUTS; cut += 1) {
    const due = Math.floor((COMMANDS * (cut - next())) / CUTS);
    await eventually(() => sent >= due);
    seen.cut();
    if (cut % Math.ceil(CUTS / (KILLS + 1)) === 0) {
      // Takes the projectors, the relay and the gateway along, in whatever they are doing.
      await statecart.kill();
      statecart = await statecart.restart();
    }
  }
  await load;

  const mongo = await new MongoClient(statecart.mongodb).connect();
  onTestFinished(() => mongo.close());
  const stored = await restingEvents(mongo.db("statecart"));
  expect(stored.length).toBeGreaterThan(EVENTS);
  const ids = (): string[] => seen.items.flatMap(({ event }) => (event ? [event.id] : []));
  await eventually(() => ids().length >= stored.length);
  expect(seen.items.filter((item) => item.__typename === "Reset")).toEqual([]);
  expect(ids().sort()).toEqual(stored);
});
