import { MongoClient } from "mongodb";
import { expect, test } from "vitest";
import { post, watch } from "../support/graphql.ts";
import { samplesIn } from "../support/samples.ts";
import { disposeLater, eventually, testMongod } from "../support/servers.ts";
import { startStatecartHere, type StatecartHere } from "../support/statecart-here.ts";
import { onSale, peopleAt } from "./domain.ts";
import { orderOf } from "./shop.ts";

const DATABASE = "outage";
/** PrimarySteppedDown: the driver tries again, and the projector after it. */
const AWAY = 189;

interface Told {
  readonly orderId: string;
  readonly version: number;
}

/** A Statecart whose projector of orders can be kept from writing, and nothing else of it. */
async function start() {
  const mongod = await testMongod({ extraArgs: ["--setParameter", "enableTestCommands=1"] });
  const client = await MongoClient.connect(mongod.url);
  disposeLater(() => client.close());
  const statecart = await startStatecartHere({
    MONGODB_URL: mongod.url,
    MONGODB_DATABASE: DATABASE,
    STATECART_PROJECTION_LAG_MAX_MS: "1000",
  });
  const shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
  const data = {
    failCommands: ["insert", "update"],
    namespace: `${DATABASE}.orders`,
    errorCode: AWAY,
  };
  const set = (mode: string) =>
    client.db("admin").command({ configureFailPoint: "failCommand", mode, data });
  const page = (path: string) => fetch(new URL(path, statecart.running.graphql));
  return {
    statecart,
    shop,
    stopProjector: () => set("alwaysOn"),
    letGoOn: () => set("off"),
    isReady: async () => (await page("/readyz")).status === 200,
    samples: async () => samplesIn(await (await page("/metrics")).text()),
  };
}

/** Every event of every order, as it comes. */
function watchOrders(statecart: StatecartHere) {
  const query = `subscription { orderFeed { __typename ... on CaughtUp { cursor }
    ... on Reset { cursor } ... on OrderEvent { cursor event { version } order { id } } } }`;
  return watch<Told | null>({
    url: statecart.running.ws,
    token: statecart.token("operator"),
    query,
    pick: (result) => {
      const item = result["orderFeed"] as {
        readonly cursor: string;
        readonly event?: { readonly version: number };
        readonly order?: { readonly id: string };
      };
      const { cursor, event, order } = item;
      if (!event || !order) return { item: null, cursor };
      return { item: { orderId: order.id, version: event.version }, cursor };
    },
  });
}

test("a projector that is stopped is seen, leaves reads and feeds up, and catches up", async () => {
  const { statecart, shop, stopProjector, letGoOn, isReady, samples } = await start();
  const feed = watchOrders(statecart);
  const { sku } = await onSale(shop);
  const before = await shop.order("customer", "createOrder", orderOf(sku));
  await eventually(isReady);

  await stopProjector();
  const eventual = { ...orderOf(sku), consistency: "EVENTUAL" };
  const during = await shop.order("customer", "createOrder", eventual);
  const told = (id: string) => feed.items.flatMap((item) => (item?.orderId === id ? [item] : []));
  // The feed folds what the stream brings, whatever the rows know.
  await eventually(() => told(during.id).some(({ version }) => version > during.version));

  // Reads are answered as of before, and say so where more is asked for.
  const byId = "query ($id: UUID!, $v: Int) { order(id: $id, atLeastVersion: $v) { version } }";
  const seen = { order: { version: before.version } };
  expect(await shop.ask("customer", byId, { id: before.id })).toEqual(seen);
  expect(await shop.ask("customer", byId, { id: during.id })).toEqual({ order: null });
  expect(await shop.ask("operator", "{ orders { totalCount } }", {})).toMatchObject({
    orders: { totalCount: 1 },
  });
  const behind = await post(statecart.running.graphql, statecart.token("customer"), {
    query: byId,
    variables: { id: during.id, v: during.version },
  });
  expect(behind.errors).toMatchObject([{ extensions: { code: "READ_MODEL_BEHIND" } }]);

  // It is visible everywhere, and only this projector is behind.
  await eventually(async () => !(await isReady()));
  await eventually(async () => {
    const found = await samples();
    return (found.get('statecart_projection_lag_seconds{projection="orders"}') ?? 0) > 1;
  });
  const found = await samples();
  expect(found.get("statecart_ready")).toBe(0);
  expect(found.get('statecart_projection_failed{projection="orders"}')).toBe(1);
  expect(found.get('statecart_projection_failed{projection="products"}')).toBe(0);
  const { system } = await shop.ask<{
    system: { isReady: boolean; projectors: { name: string; failure: string | null }[] };
  }>("operator", "{ system { isReady projectors { name failure } } }", {});
  expect(system).toEqual({
    isReady: false,
    projectors: [
      { name: "orders", failure: expect.any(String) },
      { name: "products", failure: null },
    ],
  });

  await letGoOn();
  await eventually(isReady);
  const after = await shop.order("customer", "createOrder", orderOf(sku));
  const totals = async () => await shop.ask("operator", "{ orders { totalCount } }", {});
  expect(await totals()).toEqual({ orders: { totalCount: 3 } });
  expect((await samples()).get('statecart_projection_failed{projection="orders"}')).toBe(0);
  for (const { id } of [before, during, after]) {
    const { order } = await shop.ask<{ order: { version: number } }>("operator", byId, { id });
    await eventually(() => told(id).length >= order.version);
    const versions = told(id).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  }
});
