import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { subscribe } from "../gateway/subscription.ts";
import { createHistory, discontinued } from "../projections/history.ts";
import { post, watch } from "../support/graphql.ts";
import { program } from "../support/programs.ts";
import { eventually } from "../support/servers.ts";
import { startStatecartHere, type StatecartHere } from "../support/statecart-here.ts";
import { onSale, peopleAt, type People } from "./domain.ts";
import { appendCommit, appendPoison } from "./poison.ts";

let statecart: StatecartHere;
let shop: People;

beforeAll(async () => {
  statecart = await startStatecartHere();
  shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
});

interface Letter {
  readonly projection: string;
  readonly entityId: string;
  readonly version: number;
  readonly code: string;
}

const letters = async () => {
  const query = "{ deadLetters { projection entityId version code } }";
  return (await shop.ask<{ deadLetters: Letter[] }>("operator", query, {})).deadLetters;
};

const run = (verb: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [program("dead-letters"), verb, ...args], {
    env: {
      ...process.env,
      STATECART_URL: statecart.running.graphql,
      STATECART_TOKEN: statecart.token("operator"),
    },
  }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: stdout + stderr };
    },
  );

/** Puts a product with an event that no code knows into the log. */
async function poisoned(sku: string, history = createHistory()): Promise<string> {
  const entityId = await appendPoison(statecart.store, sku, history);
  await eventually(async () => (await letters()).some((one) => one.entityId === entityId));
  return entityId;
}

const act = async (name: string, input: object) => {
  const query = `mutation ($input: DeadLetterInput!) {
    ${name}(input: $input) { flows deadLetter { version code } } }`;
  return (await shop.ask<Record<string, object>>("operator", query, { input }))[name];
};

describe("a poison event", () => {
  test("parks its entity, is seen, retried and skipped, and the rest flows", async () => {
    const entityId = await poisoned("POISON-1");
    expect((await onSale(shop)).status).toBe("ACTIVE");
    const letter = { projection: "products", entityId };
    expect(await letters()).toContainEqual({ ...letter, version: 2, code: "REPLAY_FAULT" });
    expect(await act("retryDeadLetter", letter)).toEqual({
      flows: false,
      deadLetter: { version: 2, code: "REPLAY_FAULT" },
    });
    expect(await act("skipDeadLetter", letter)).toEqual({ flows: true, deadLetter: null });
    expect(await letters()).toEqual([]);
    const query = "query ($id: UUID!) { product(id: $id, atLeastVersion: 3) { version status } }";
    expect(await shop.ask("operator", query, { id: entityId })).toEqual({
      product: { version: 3, status: "ACTIVE" },
    });
  });

  test("is dealt with from a terminal as well", async () => {
    const entityId = await poisoned("POISON-2");
    expect(await run("list")).toMatchObject({ code: 0, text: expect.stringContaining(entityId) });
    expect(await run("retry", "products", entityId)).toMatchObject({ code: 1 });
    const skipped = await run("skip", "products", entityId);
    expect(skipped).toEqual({ code: 0, text: "It flows again.\n" });
    expect(await run("list")).toEqual({ code: 0, text: "Nothing is parked.\n" });
    expect(await run("skip", "products", entityId)).toMatchObject({
      code: 1,
      text: expect.stringContaining("has not parked"),
    });
    expect(await run("burn")).toMatchObject({ code: 2 });
  });

  test("is nothing that a customer sees or touches", async () => {
    const input = '{ projection: "products", entityId: "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a01" }';
    for (const query of [
      "{ deadLetters { code } }",
      "{ system { isReady } }",
      `mutation { retryDeadLetter(input: ${input}) { flows } }`,
      `mutation { skipDeadLetter(input: ${input}) { flows } }`,
    ]) {
      const { errors } = await post(statecart.running.graphql, statecart.token("customer"), {
        query,
      });
      expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    }
  });
});

const system = `at isReady mongodb jetstream deadLetterCount eventsPerSecond commandsPerSecond
  sockets subscriptions versions { statecart node mongodb nats machines }
  projectors { name lagMs isCaughtUp parkedEntities failure }
  relay { state lagMs published } reactor { isActive open bugs } timers { isActive fired }`;

interface ProductItem {
  readonly __typename: string;
  readonly event?: { readonly type: string; readonly version: number };
  readonly product?: { readonly version: number; readonly status: string };
}

const item = `__typename
  ... on ProductEvent { cursor event { type version } product { version status } productId }
  ... on CaughtUp { cursor } ... on Reset { cursor }`;

const watchProducts = (query: string, name: string, variables: Record<string, unknown>) =>
  watch<ProductItem>({
    url: statecart.running.ws,
    token: statecart.token("operator"),
    query,
    variables,
    pick: (data) => {
      const found = data[name] as ProductItem & { readonly cursor: string };
      return { item: found, cursor: found.cursor };
    },
  });

const feedQuery = `subscription ($after: Cursor) { productFeed(after: $after) { ${item} } }`;
const watchFeed = (after: string | null) => watchProducts(feedQuery, "productFeed", { after });

const eventsQuery = `subscription ($id: UUID!, $after: Cursor) {
  productEvents(id: $id, after: $after) { ${item} } }`;
const watchOne = (id: string) => watchProducts(eventsQuery, "productEvents", { id });

/** What the readers of feeds are told of one product. */
const toldOf = (items: readonly ProductItem[], id: string) =>
  items.flatMap(({ event, product, ...rest }) =>
    (rest as { productId?: string }).productId === id
      ? [[event?.version, event?.type, product?.status]]
      : [],
  );

const whole = [
  [1, "ProductCreated", "DRAFT"],
  // As if it had not happened, like the row.
  [2, "ProductTeleported", "DRAFT"],
  [3, "ProductPublished", "ACTIVE"],
];

describe("a feed", () => {
  test("is silent about what is parked, and tells a skipped event as the view has it", async () => {
    const live = watchFeed(null);
    await eventually(() => live.items.length > 0);
    const [start] = live.items as (ProductItem & { readonly cursor: string })[];
    const history = createHistory();
    const id = await poisoned("POISON-3", history);
    // What others do goes on.
    const other = await onSale(shop);
    await eventually(() => toldOf(live.items, other.id).length === 2);
    expect(toldOf(live.items, id)).toEqual(whole.slice(0, 1));
    const query = `subscription ($id: UUID!) { productEvents(id: $id) { ${item} } }`;
    const parked = await subscribe({
      url: statecart.running.ws,
      token: statecart.token("operator"),
      query,
      variables: { id },
    });
    await eventually(() => parked.errors().length > 0);
    expect(parked.items().map(({ event }) => event?.version)).toEqual([1]);
    expect(parked.errors()).toMatchObject([{ extensions: { code: "EVENT_UNREADABLE" } }]);

    const letter = { projection: "products", entityId: id };
    expect(await act("skipDeadLetter", letter)).toMatchObject({ flows: true });
    await appendCommit(statecart.store, history.product("POISON-3", discontinued));
    const last = [4, "ProductDiscontinued", "DISCONTINUED"];
    await eventually(() => toldOf(live.items, id).length === 2);
    expect(toldOf(live.items, id)).toEqual([whole[0], last]);
    // Whoever asks anew is told everything.
    const fromBefore = watchFeed(start?.cursor ?? null);
    const fromTheFirst = watchOne(id);
    for (const reader of [fromBefore, fromTheFirst]) {
      await eventually(() => toldOf(reader.items, id).length === 4);
      expect(toldOf(reader.items, id)).toEqual([...whole, last]);
    }
    const row = "query ($id: UUID!) { product(id: $id, atLeastVersion: 4) { version status } }";
    expect(await shop.ask("operator", row, { id })).toEqual({
      product: { version: 4, status: "DISCONTINUED" },
    });
  });
});

describe("how the process is doing", () => {
  test("is told on request and live", async () => {
    const told = await shop.ask<{ system: object }>("operator", `{ system { ${system} } }`, {});
    expect(told.system).toMatchObject({ isReady: true, mongodb: true, jetstream: true });
    const live = watch<{ isReady: boolean }>({
      url: statecart.running.ws,
      token: statecart.token("operator"),
      query: `subscription { systemFeed { ${system} } }`,
      pick: (data) => ({ item: data["systemFeed"] as { isReady: boolean }, cursor: "" }),
    });
    await eventually(() => live.items.length >= 2);
    expect(live.items[0]).toMatchObject({ isReady: true, sockets: 1, subscriptions: 1 });
  });

  test("tells what runs, and how many commands it answers", async () => {
    const rates = "{ system { commandsPerSecond versions { node mongodb nats machines } } }";
    const ask = () => shop.ask<{ system: { commandsPerSecond: number } }>("operator", rates, {});
    expect(await ask()).toMatchObject({
      system: {
        versions: {
          node: process.versions.node,
          mongodb: expect.stringMatching(/^\d+\.\d+/),
          nats: expect.stringMatching(/^\d+\.\d+/),
          machines: expect.stringMatching(/^\w{12}$/),
        },
      },
    });
    await onSale(shop);
    await eventually(async () => (await ask()).system.commandsPerSecond > 0);
  });

  test("is asked of MongoDB, of JetStream itself and of the projectors for /readyz", async () => {
    const response = await fetch(new URL("/readyz", statecart.running.graphql));
    expect(response.status).toBe(200);
    const projector = { failure: null, lagMs: expect.any(Number) as number };
    expect(await response.json()).toMatchObject({
      ready: true,
      mongodb: true,
      jetstream: true,
      projectors: [projector, projector],
    });
  });
});
