import { beforeAll, describe, expect, test } from "vitest";
import { seeded } from "../../cli/seeded.ts";
import { schema } from "../../gateway/schema/schema.ts";
import { sampleOf, spoiled, targetsOf } from "./fuzz-requests.ts";
import type { Target } from "./fuzz-requests.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";
import type { RawSocket } from "./socket.ts";

const ROUNDS = process.env["LONG"] === undefined ? 300 : 10_000;
/** The first failure names the round; FUZZ_SEED repeats a run. */
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_251_125);
const LEAK = /node_modules|\.ts:\d|\bat [\w.<>]+ \(|MongoServerError|MongoError|\$expr/;

let shop: Shop;
let productId: string;
let orderId: string;
const targets = targetsOf(schema);

beforeAll(async () => {
  shop = await openShop();
  productId = await sell(shop, "FUZZ-1");
  const input = orderOf("FUZZ-1", { consistency: "STRONG" });
  const { order } = await run(shop, shop.customer(), ["createOrder", "order", input]);
  orderId = String(order?.["id"]);
});

interface Reply {
  readonly text: string;
  readonly body: { readonly data?: unknown; readonly errors?: readonly unknown[] };
}
type Send = (target: Target, variables: object) => Promise<Reply>;

/** One request after the other; each refused one must leave the log as it was. */
async function fuzz(send: Send, kinds: readonly Target["kind"][]): Promise<void> {
  const random = seeded(SEED);
  const mine = targets.filter(({ kind }) => kinds.includes(kind));
  const commits = (): Promise<number> => shop.database.db.collection("events").countDocuments({});
  let before = await commits();
  for (let round = 0; round < ROUNDS; round += 1) {
    const target = mine[round % mine.length] ?? targets[0];
    if (target === undefined) throw new Error("the schema has no root field");
    const own = /product|stock/i.test(target.name) ? productId : orderId;
    const ids = { all: [productId, orderId], own };
    const sound = Object.fromEntries(
      [...target.types]
        // Of what a spoiled SKU or number names there is no version, however long one waits.
        .filter(([name]) => name !== "atLeastVersion" || target.types.has("id"))
        .map(([name, type]) => [name, sampleOf(type, ids, random)]),
    );
    const variables = spoiled(sound, random);
    const { text, body } = await send(target, variables);
    const what = () =>
      `round ${String(round)}: ${target.name} ${JSON.stringify(variables)}: ${text}`;
    if (LEAK.test(text) || text.includes('"INTERNAL"')) throw new Error(what());
    const after = await commits();
    if (isRefused(body, target.name) && after !== before) throw new Error(`changed, ${what()}`);
    before = after;
    if (round % 25 === 0) await expectService();
  }
  await expectService();
}

function isRefused({ data, errors }: Reply["body"], name: string): boolean {
  if (errors !== undefined) return true;
  const payload = (
    data as Record<string, { readonly errors?: readonly unknown[] } | null> | null
  )?.[name];
  return (payload?.errors?.length ?? 0) > 0;
}

/** A good request is answered as if nothing had been. */
async function expectService(): Promise<void> {
  const query = "query ($id: UUID!) { product(id: $id) { sku } }";
  const answer = await shop.ask(shop.operator, query, { id: productId });
  expect(answer).toMatchObject({ status: 200, data: { product: { sku: "FUZZ-1" } } });
}

describe("nonsense in one place of any request", () => {
  test("breaks nothing, shows nothing and changes nothing over HTTP", async () => {
    const send: Send = async ({ query }, variables) => {
      const response = await fetch(shop.url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${shop.operator}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      expect(response.status).toBeLessThan(500);
      return { text, body: JSON.parse(text) as Reply["body"] };
    };
    await fuzz(send, ["query", "mutation"]);
  }, 1_200_000);

  test("breaks nothing, shows nothing and changes nothing over WebSocket", async () => {
    let socket: RawSocket | null = null;
    let count = 0;
    const send: Send = async ({ query }, variables) => {
      // A message that is no message, or too large a one, closes the socket, as it should.
      if (socket?.socket.readyState !== 1 || count % 100 === 0) {
        socket?.socket.terminate();
        socket = await openAcknowledged(shop.wsUrl, shop.operator);
      }
      count += 1;
      const id = String(count);
      socket.send({ type: "subscribe", id, payload: { query, variables } });
      const open = socket;
      const message = await Promise.race([
        open.message((one) => one.id === id),
        open.closed.then(({ code, reason }) => ({ type: "closed", payload: { code, reason } })),
      ]);
      if (message.type === "next") open.send({ type: "complete", id });
      const errors = message.type === "next" ? undefined : [message.payload];
      const body = errors === undefined ? (message.payload as Reply["body"]) : { errors };
      return { text: JSON.stringify(message), body };
    };
    await fuzz(send, ["query", "mutation", "subscription"]);
  }, 1_200_000);
});
