import { MongoClient, type Db } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../support/servers.ts";
import { startStatecartProcess } from "../support/statecart-process.ts";
import { accepted, orderOf, publishedProduct, restingEvents, sendUntilAnswered } from "./shop.ts";

const CLIENTS = 16;
const ORDERS_EACH = 14;
const KILLS = 3;

interface StoredCommit {
  readonly s: unknown;
  readonly v: number;
  readonly n: number;
}

test("kill -9 in the middle of load loses no answered command and applies none twice", async () => {
  let statecart = await startStatecartProcess();
  const sku = await publishedProduct(statecart);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const answered: { id: string; version: number }[] = [];
  const careful = { door: () => statecart, signal: stop.signal };
  const client = async (name: number): Promise<void> => {
    for (let turn = 0; turn < ORDERS_EACH; turn += 1) {
      const key = `client-${name}-${turn}`;
      const input = { customerId: `customer-${name}`, ...orderOf(sku, key) };
      const answer = await sendUntilAnswered(careful, "createOrder", input);
      expect(answer.errors).toEqual([]);
      answered.push({ id: answer.order?.id ?? "", version: answer.version ?? 0 });
    }
  };
  const load = Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)));

  for (let kill = 1; kill <= KILLS; kill += 1) {
    const enough = (CLIENTS * ORDERS_EACH * kill) / (KILLS + 1);
    await eventually(() => answered.length >= enough);
    await statecart.kill();
    statecart = await statecart.restart();
  }
  await load;

  const mongo = await new MongoClient(statecart.mongodb).connect();
  onTestFinished(() => mongo.close());
  const db = mongo.db("statecart");
  const stored = await db
    .collection("events")
    .find({ t: "order", "ev.t": "OrderCreated" })
    .map((document) => String(document["s"]))
    .toArray();
  expect(new Set(answered.map(({ id }) => id)).size).toBe(CLIENTS * ORDERS_EACH);
  expect([...stored].sort()).toEqual(answered.map(({ id }) => id).sort());
  await restingEvents(db);
  await everythingCatchesUp(db, statecart.nats);
  // One more command is answered as if nothing had been.
  await accepted(statecart, "createOrder", { customerId: "last", ...orderOf(sku) });
});

/** The read models and the stream hold every event of the log, each once. */
async function everythingCatchesUp(db: Db, natsUrl: string): Promise<void> {
  const commits = await db.collection("events").find<StoredCommit>({}).toArray();
  const versions = new Map<string, number>();
  for (const { s, v, n } of commits) {
    const id = String(s);
    versions.set(id, Math.max(versions.get(id) ?? 0, v + n - 1));
  }
  await eventually(async () => {
    const views = [
      ...(await db.collection("orders").find({}).toArray()),
      ...(await db.collection("products").find({}).toArray()),
    ];
    return views.length === versions.size;
  });
  const { connect } = await import("nats");
  const nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const manager = await nats.jetstreamManager();
  const events = commits.reduce((sum, { n }) => sum + n, 0);
  await eventually(async () => (await manager.streams.info("EVT")).state.messages === events);
}
