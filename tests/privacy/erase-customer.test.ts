import { randomUUID } from "node:crypto";
import type { Document } from "mongodb";
import { pino } from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import { developmentKeys } from "../../cli/development-keys.ts";
import { readConfig } from "../../config.ts";
import {
  createCheckpoints,
  createStreamScan,
  createTail,
  createTimers,
  verifyHistory,
} from "../../log/index.ts";
import { allProjections, rebuild } from "../../projections/index.ts";
import { startStatecart, type Statecart } from "../../statecart.ts";
import { post } from "../support/graphql.ts";
import {
  disposeLater,
  eventually,
  testFolder,
  testMongod,
  testNats,
  type TestServer,
} from "../support/servers.ts";
import { leaksInDatabase, leaksInFolder, leaksInText, type Leak } from "./leaks.ts";

const SKU = "TEA-PRIVATE";
const customerId = "customer-7f3a91";

const contact = {
  name: "Quintessa Zylberberg",
  email: "Quintessa.Zyl@example.net",
  phone: "+4930987654321",
};
const shippingAddress = {
  name: "Zebedeus Zylberberg",
  company: "Zylberberg Knopfhandel",
  line1: "Bromelienweg 77",
  line2: "Hinterhaus Xylophon",
  city: "Kyritz an der Knatter",
  region: "Ostprignitz-Ruppin",
  postalCode: "16866",
  country: "DE",
};
const elsewhere = { ...shippingAddress, line1: "Oxhoftallee 1234", city: "Quakenbrueck" };
/**
 * A word or more of each field, so that a part of it is found as well. The postal code stands for
 * nobody: it is five digits, which chance has too.
 */
const texts = [
  ...["Quintessa", "Zylberberg", "Quintessa.Zyl@example.net", "4930987654321", "Zebedeus"],
  ...["Knopfhandel", "Bromelienweg 77", "Xylophon", "Kyritz an der", "Ostprignitz"],
  ...["Oxhoftallee", "Quakenbrueck"],
];

const orderFields = `id version status total { minor } money { captured { minor } }
  contact { reading name email phone }
  shippingAddress { reading name line1 city postalCode country }`;

let statecart: Statecart;
let mongod: TestServer;
let nats: TestServer;
let log = "";
let token: (scope: "customer" | "operator" | "service", subject?: string) => string;

beforeAll(async () => {
  // Without compression the files hold what was written, so that a search of bytes proves it.
  const plain = ["--wiredTigerCollectionBlockCompressor", "none"];
  const extraArgs = [...plain, "--wiredTigerJournalCompressor", "none"];
  [mongod, nats] = await Promise.all([testMongod({ extraArgs }), testNats()]);
  const dataDir = await testFolder();
  const { config } = readConfig([], {
    MONGODB_URL: mongod.url,
    NATS_URL: nats.url,
    PORT: "0",
    DATA_DIR: dataDir,
    STATECART_SEED: "false",
  });
  const logger = pino({ level: "trace" }, { write: (line: string) => void (log += line) });
  statecart = await startStatecart(config, { logger, report: (line) => void (log += line) });
  disposeLater(() => statecart.close());
  const keys = developmentKeys({ dataDir, issuer: config.jwtIssuer, audience: config.jwtAudience });
  token = (scope, subject = scope === "customer" ? customerId : scope) => keys.sign(subject, scope);
});

interface Answer {
  readonly data: Record<string, Document> | null;
  readonly errors?: readonly { readonly extensions?: Document }[];
}

function ask(bearer: string, query: string, variables: object = {}): Promise<Answer> {
  return post<Record<string, Document>>(statecart.running.graphql, bearer, { query, variables });
}

interface Shown {
  readonly errors: readonly unknown[];
  readonly order: { readonly id: string; readonly shippingAddress: unknown } | null;
  readonly product: { readonly id: string } | null;
}

async function send(bearer: string, name: string, input: object): Promise<Shown> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const shown = name.includes("Product") ? "product { id }" : `order { ${orderFields} }`;
  const query = `mutation Send($input: ${type}!) {
    ${name}(input: $input) { ${shown} errors { __typename code message path } }
  }`;
  const answer = await ask(bearer, query, { input });
  if (answer.data?.[name] === undefined) throw new Error(JSON.stringify(answer));
  return answer.data[name] as unknown as Shown;
}

async function read(id: string): Promise<Document> {
  const query = `query Read($id: UUID!) { order(id: $id) { ${orderFields} } }`;
  const { data } = await ask(token("operator"), query, { id });
  return data?.["order"] ?? {};
}

function erase(bearer: string, customer = customerId): Promise<Answer> {
  const query = `mutation Erase($customer: String!) {
    eraseCustomer(customerId: $customer) { customerId outcome erasedAt orders }
  }`;
  return ask(bearer, query, { customer });
}

async function leaks(): Promise<Leak[]> {
  return [
    ...(await leaksInDatabase(statecart.db, texts)),
    ...(await leaksInFolder(mongod.dataDir, texts)),
    ...(await leaksInFolder(nats.dataDir, texts)),
    ...leaksInText("log", log, texts),
  ];
}

function personalOrder(idempotencyKey: string): object {
  const personal = { contact, shippingAddress };
  return { idempotencyKey, currency: "EUR", items: [{ sku: SKU, quantity: 2 }], personal };
}

/** Everything a customer and an operator may do with personal data, what is refused included. */
async function dealWith(idempotencyKey: string): Promise<string> {
  const mine = token("customer");
  const input = { ...personalOrder(idempotencyKey), consistency: "SETTLED" };
  const { order, errors } = await send(mine, "createOrder", input);
  expect(errors).toEqual([]);
  expect(order).toMatchObject({ contact: { reading: "OPEN", ...contact } });
  const orderId = String(order?.id);
  const address = { orderId, personal: { shippingAddress: elsewhere } };
  const moved = await send(token("operator"), "updateShippingAddress", address);
  expect(moved.order?.shippingAddress).toMatchObject({ reading: "OPEN", city: elsewhere.city });
  const paymentMethod = { kind: "CARD", token: "tok_approved" };
  const paid = { orderId, paymentMethod, consistency: "SETTLED" };
  expect((await send(mine, "processPayment", paid)).errors).toEqual([]);
  // Refused in each of the ways there are: invalid, unknown, someone else's, out of turn.
  const bad = { contact: { ...contact, email: `${contact.name} at home` }, shippingAddress };
  await send(mine, "createOrder", { ...personalOrder(randomUUID()), personal: bad });
  await send(token("operator"), "updateShippingAddress", { ...address, orderId: randomUUID() });
  await send(token("customer", "stranger"), "updateShippingAddress", address);
  expect((await send(token("operator"), "shipOrder", { orderId })).errors).toEqual([]);
  expect((await send(mine, "updateShippingAddress", address)).errors).not.toEqual([]);
  await send(mine, "createOrder", { ...personalOrder(idempotencyKey), currency: "USD" });
  const wrong = `mutation { createOrder(input: { name: "${contact.name}" }) { version } }`;
  await ask(mine, wrong);
  return orderId;
}

describe("erasing a customer", () => {
  it("leaves nothing of a person anywhere, as nothing was ever written open", async () => {
    const price = { minor: 1_250, currency: "EUR" };
    const goods = { sku: SKU, name: "Private tea", category: "tea", price, onHand: 50 };
    const { product } = await send(token("operator"), "createProduct", goods);
    const published = { productId: product?.id, consistency: "STRONG" };
    await send(token("operator"), "publishProduct", published);
    const key = randomUUID();
    const orderId = await dealWith(key);
    await eventually(async () => (await statecart.evt.info()).lastSequence > 5);
    // The search does find what is there, in documents, in both servers' files and in the log.
    expect(await leaksInDatabase(statecart.db, [customerId])).not.toEqual([]);
    expect(await leaksInFolder(mongod.dataDir, [customerId])).not.toEqual([]);
    expect(await leaksInFolder(nats.dataDir, [customerId])).not.toEqual([]);
    expect(await leaks()).toEqual([]);

    const before = await read(orderId);
    for (const scope of ["customer", "service"] as const) {
      const refused = await erase(token(scope));
      expect(refused.errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
    }
    const first = await erase(token("operator"));
    expect(first.data?.["eraseCustomer"]).toMatchObject({
      customerId,
      outcome: "ERASED",
      orders: 1,
    });
    const again = await erase(token("operator"));
    expect(again.data?.["eraseCustomer"]).toEqual({
      ...first.data?.["eraseCustomer"],
      outcome: "ALREADY_ERASED",
    });

    const after = await read(orderId);
    expect(after).toMatchObject({
      contact: { reading: "ERASED", name: "(erased)", email: "(erased)", phone: null },
      shippingAddress: { reading: "ERASED", line1: "(erased)", country: "DE" },
    });
    expect({ ...after, contact: 0, shippingAddress: 0 }).toEqual({
      ...before,
      contact: 0,
      shippingAddress: 0,
    });
    expect(await verifyHistory(statecart.store, orderId)).toMatchObject({ ok: true });
    await refusesWhatIsPersonal(orderId, key);
    await rebuiltEqualsLive();
    expect(leaksInText("log", log, ["customer erased"])).not.toEqual([]);
    expect(await leaks()).toEqual([]);
  }, 180_000);
});

/** The customer's orders go on; only what is personal is not taken any more. */
async function refusesWhatIsPersonal(orderId: string, key: string): Promise<void> {
  const mine = token("customer");
  const refused = await send(mine, "createOrder", personalOrder(randomUUID()));
  expect(refused.errors).toMatchObject([
    { __typename: "CustomerErased", code: "CUSTOMER_ERASED", path: ["input", "personal"] },
  ]);
  // A repeat is answered from the log, as ever.
  const repeated = await send(mine, "createOrder", personalOrder(key));
  expect(repeated).toMatchObject({ errors: [], order: { id: orderId } });
  const delivered = await send(token("operator"), "confirmDelivery", { orderId });
  expect(delivered).toMatchObject({ errors: [], order: { status: "DELIVERED" } });
}

async function rebuiltEqualsLive(): Promise<void> {
  const { db, store } = statecart;
  const projection = allProjections.find(({ name }) => name === "orders");
  if (projection === undefined) throw new Error("there is no projection of orders");
  const rows = async (suffix: string): Promise<Document[]> =>
    db
      .collection(`orders${suffix}`)
      .find({}, { sort: { _id: 1 } })
      .toArray();
  await eventually(async () => JSON.stringify(await rows("")).includes('"fulfilment":"delivered"'));
  await eventually(() => statecart.projections.status().every(({ isCaughtUp }) => isCaughtUp));
  const live = await rows("");
  const logger = pino({ level: "silent" });
  const tail = createTail(db, { logger });
  disposeLater(() => tail.close());
  await rebuild({
    db,
    projection,
    logger,
    store,
    tail,
    timers: createTimers(db),
    scan: createStreamScan(db, logger),
    checkpoints: createCheckpoints(db),
    by: "test",
    handoverMs: 0,
  });
  const model = await db.collection("read_models").findOne({ _id: "orders" as never });
  const generations = model?.["generations"] as { readonly suffix: string }[];
  expect(await rows(generations.at(-1)?.suffix ?? "")).toEqual(live);
}
