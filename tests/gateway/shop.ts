import { randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import { pino } from "pino";
import { createCommandBus, machineHash, noteRefusals } from "../../actors/index.ts";
import { createTokenVerifier, openKeyRing, startGateway } from "../../gateway/index.ts";
import type { Gateway, GatewayOptions } from "../../gateway/index.ts";
import {
  connectNats,
  createCheckpoints,
  createEvtReader,
  createFollower,
  createLeases,
  createMongoEventStore,
  createRefusals,
  createRelay,
  createSnapshots,
  createTail,
  createUsedTickets,
  prepareLog,
} from "../../log/index.ts";
import type { MongoTail } from "../../log/index.ts";
import { createProjections, personalSearchOf } from "../../projections/index.ts";
import { testPrivacy } from "../support/personal.ts";
import { post } from "../support/graphql.ts";
import type { GraphQLAnswer } from "../support/graphql.ts";
import { disposeLater, testDatabase, testNats } from "../support/servers.ts";
import type { TestDatabase, TestServer } from "../support/servers.ts";
import { AUDIENCE, createSigner, ISSUER } from "./tokens.ts";
import type { Signer } from "./tokens.ts";

/** Says nothing; LOG_LEVEL makes it talk while a test is being written. */
export const quiet = pino({ level: process.env["LOG_LEVEL"] ?? "silent" });

type Data = Record<string, unknown>;
type Changes = Partial<GatewayOptions>;

/** The whole corridor on real servers, with a gateway in front. */
export interface Shop extends Gateway {
  readonly database: TestDatabase;
  readonly nats: TestServer;
  readonly signer: Signer;
  /** What the gateway was started with. */
  readonly options: GatewayOptions;
  readonly operator: string;
  customer(subject?: string): string;
  /** Sends a document over HTTP. */
  ask<T = Data>(token: string | null, query: string, variables?: object): Promise<Answer<T>>;
  /** Another gateway in front of the same rooms; closed with the test. */
  startAnother(changes: Changes): Promise<Gateway>;
}

type Answer<T> = GraphQLAnswer<T> & { readonly status: number };

/** Opens a shop, on a database of its own unless one is given. */
export async function openShop(changes: Changes = {}, given?: TestDatabase): Promise<Shop> {
  const database = given ?? (await testDatabase());
  await prepareLog(database.db);
  const { db } = database;
  const server = await testNats();
  const logger = quiet;
  const nats = await connectNats({ url: server.url, name: "test", logger });
  disposeLater(() => nats.close());
  const tail = openTail(db);
  const store = createMongoEventStore(db);
  const checkpoints = createCheckpoints(db);
  const leases = createLeases(db, { node: "test", logger });
  const relay = createRelay({ nats, store, tail, checkpoints, leases, logger });
  disposeLater(() => relay.stop());
  relay.start();
  const privacy = await testPrivacy(db);
  const projections = createProjections({
    db,
    store,
    tail,
    checkpoints,
    evt: createEvtReader(nats),
    logger,
    feedHeartbeatMs: 500,
    personalSearch: personalSearchOf(privacy),
  });
  disposeLater(() => projections.close());
  const snapshots = createSnapshots(db);
  const refusals = createRefusals(db, logger);
  disposeLater(() => refusals.close());
  const rooms = { store, snapshots, machineHash: machineHash(), node: "test", logger };
  const bus = createCommandBus({ ...rooms, onRefused: noteRefusals(refusals) });
  disposeLater(() => bus.close());
  const signer = await createSigner();
  const keys = await openKeyRing({ file: signer.keyFile, logger });
  const options: GatewayOptions = {
    host: "127.0.0.1",
    port: 0,
    bus,
    store,
    privacy,
    projections,
    verifier: createTokenVerifier({ keys, issuer: ISSUER, audience: AUDIENCE }),
    payloadKey: "a test key of more than thirty-two characters",
    logger,
    readiness: () => Promise.resolve({ isReady: true, details: {} }),
    allowedOrigins: [],
    inspection: inspectionOf(db, tail),
    development: { token: null },
    drainMs: 2_000,
    ...changes,
  };
  const gateway = await startGateway(options);
  disposeLater(() => gateway.close());
  return {
    ...gateway,
    database,
    nats: server,
    signer,
    options,
    operator: signer.sign({ sub: "olga", scope: "operator" }),
    customer: (subject = "ada") => signer.sign({ sub: subject, scope: "customer" }),
    ask: (token, query, variables = {}) => post(gateway.url, token, { query, variables }),
    async startAnother(other) {
      const another = await startGateway({ ...options, ...other });
      disposeLater(() => another.close());
      return another;
    },
  };
}

function openTail(db: Db): MongoTail {
  const tail = createTail(db, { logger: quiet });
  disposeLater(() => tail.close());
  return tail;
}

function inspectionOf(db: Db, tail: MongoTail) {
  const follower = createFollower(db, { tail, logger: quiet });
  return { follower, usedTickets: createUsedTickets(db), hasViewer: false };
}

/** A mutation that asks for everything that the tests look at. */
export function mutation(name: string, kind: "order" | "product"): string {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const fields =
    kind === "order"
      ? "id number version status customerId lines { id sku ordered unitPrice { minor } }"
      : "id sku version status price { minor currency } stock { onHand available }";
  return `mutation Run($input: ${type}Input!) {
    ${name}(input: $input) {
      ${kind} { ${fields} }
      version
      errors {
        __typename code message path
        ... on InvalidTransition { state allowedIn allowedCommands }
        ... on VersionConflict { expected actual }
        ... on Refused { details }
      }
    }
  }`;
}

export interface CommandAnswer {
  readonly order?: Readonly<Record<string, unknown>> | null;
  readonly product?: Readonly<Record<string, unknown>> | null;
  readonly version: number | null;
  readonly errors: readonly (Data & { readonly code: string })[];
}

/** Sends one command; throws when the answer has top-level errors. */
export async function run(
  shop: Pick<Shop, "ask">,
  token: string,
  [name, kind, input]: readonly [name: string, kind: "order" | "product", input: object],
): Promise<CommandAnswer> {
  const answer = await shop.ask<Record<string, CommandAnswer>>(token, mutation(name, kind), {
    input,
  });
  const payload = answer.data?.[name];
  if (payload === undefined) throw new Error(JSON.stringify(answer));
  return payload;
}

/** Creates a product and puts it on sale; queries see it. Resolves with its id. */
export async function sell(shop: Shop, sku: string, minor = 1_250): Promise<string> {
  const price = { minor, currency: "EUR" };
  const input = { sku, name: `Product ${sku}`, category: "tea", price, onHand: 10 };
  const { product } = await run(shop, shop.operator, ["createProduct", "product", input]);
  const productId = String(product?.["id"]);
  const published = { productId, consistency: "STRONG" };
  await run(shop, shop.operator, ["publishProduct", "product", published]);
  return productId;
}

/** The input of an order of one unit of a product. */
export function orderOf(sku: string, more: object = {}): object {
  return {
    idempotencyKey: randomUUID(),
    currency: "EUR",
    items: [{ sku, quantity: 1 }],
    personal: {
      contact: { name: "Ada Lovelace", email: "ada@example.com" },
      shippingAddress: {
        name: "Ada Lovelace",
        line1: "12 St James's Square",
        city: "London",
        postalCode: "SW1Y 4JH",
        country: "GB",
      },
    },
    ...more,
  };
}
