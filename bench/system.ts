import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Db } from "mongodb";
import pino from "pino";
import type { CommandBus, CommandOutcome } from "../actors/index.ts";
import { developmentKeys } from "../cli/development-keys.ts";
import { readConfig } from "../config.ts";
import type { EventStore } from "../log/index.ts";
import { productIdOf, type AggregateName } from "../machines/index.ts";
import { startStatecart } from "../statecart.ts";

/** All of Statecart in this process, on servers and data of its own. */
export interface System {
  readonly bus: CommandBus;
  readonly db: Db;
  readonly store: EventStore;
  readonly natsUrl: string;
  readonly url: string;
  readonly ws: string;
  /** An operator's token, the same each time for one subject. */
  readonly sign: (subject: string) => string;
  /** A customer's token. */
  readonly signBuyer: (subject: string) => string;
  readonly waitForView: WaitForView;
  /** Stops everything and removes its data. */
  close(): Promise<void>;
}

/** Resolves with true once a read model has an entity's version, with false at the deadline. */
export type WaitForView = (
  entity: { readonly aggregate: AggregateName; readonly id: string; readonly version: number },
  deadline: number,
) => Promise<boolean>;

/** A store that is there already; its folder stays. */
interface GivenStore {
  readonly mongodbUrl: string;
  readonly dataDir: string;
}

/**
 * Starts as `npm start` does, but on free ports, without the seeded shop, and in a temporary folder
 * unless a store is given.
 */
export async function startSystem(
  report: (line: string) => void,
  given?: GivenStore,
): Promise<System> {
  const dataDir = given?.dataDir ?? (await mkdtemp(join(tmpdir(), "statecart-bench-")));
  const flags = ["--data-dir", dataDir, "--port", "0", "--seed", "false", "--log-level", "warn"];
  const env = { ...process.env, MONGODB_URL: given?.mongodbUrl ?? "", NATS_URL: "" };
  const { config } = readConfig(flags, env);
  const logger = pino({ level: config.logLevel }, pino.destination({ fd: 2 }));
  const statecart = await startStatecart(config, { logger, report });
  const { bus, db, store, running, projections } = statecart;
  const keys = developmentKeys({
    dataDir,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
  });
  const tokens = new Map<string, string>();
  return {
    bus,
    db,
    store,
    natsUrl: running.nats,
    url: running.graphql,
    ws: running.ws,
    sign(subject) {
      const token = tokens.get(subject) ?? keys.sign(subject, "operator");
      tokens.set(subject, token);
      return token;
    },
    signBuyer: (subject) => keys.sign(subject, "customer"),
    waitForView({ aggregate, id, version }, deadline) {
      const reads = aggregate === "order" ? projections.orders : projections.products;
      return reads.waitFor(id, version, deadline);
    },
    async close() {
      await statecart.close();
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Every command id that was answered as accepted: each must be in the store at the end. */
export type Answered = string[];

const operator = { subject: "bench", scope: "operator" } as const;
const COMMAND_DEADLINE_MS = 30_000;

interface Command {
  readonly type: string;
  readonly entityId: string;
  readonly data: object;
}

/** Sends one command in process; throws when the answer is anything but an acceptance. */
export async function sendAccepted(
  bus: CommandBus,
  { type, entityId, data }: Command,
  answered: Answered,
): Promise<void> {
  const now = Date.now();
  const commandId = randomUUID();
  const outcome = await bus.send({
    commandId,
    aggregate: "product",
    entityId,
    command: { type, data, now: new Date(now).toISOString(), by: operator },
    payloadHash: createHash("sha256").update(JSON.stringify(data)).digest("base64url"),
    correlationId: commandId,
    deadline: now + COMMAND_DEADLINE_MS,
  });
  if (outcome.kind !== "accepted") throw new Error(`${type} was not accepted: ${told(outcome)}`);
  answered.push(commandId);
}

function told(outcome: CommandOutcome): string {
  if (outcome.kind === "refused") return outcome.refusal.message;
  return outcome.kind === "failed" ? outcome.message : outcome.kind;
}

/** The command of every question: small, always allowed, one event. */
export function adjustment(entityId: string): Command {
  return { type: "AdjustStock", entityId, data: { delta: 1, reason: "bench" } };
}

/** Puts products on sale with more in stock than any bench sells; resolves with their SKUs. */
export async function makeGoods(
  bus: CommandBus,
  count: number,
  answered: Answered,
): Promise<readonly string[]> {
  const run = randomUUID().slice(0, 8).toUpperCase();
  const skus = Array.from({ length: count }, (_, index) => `GOODS-${run}-${String(index)}`);
  await Promise.all(
    skus.map(async (sku) => {
      const entityId = productIdOf(sku);
      const price = { minor: 1_000, currency: "EUR" };
      const data = { sku, name: sku, category: "bench", price, onHand: 1_000_000 };
      await sendAccepted(bus, { type: "CreateProduct", entityId, data }, answered);
      await sendAccepted(bus, { type: "PublishProduct", entityId, data: {} }, answered);
    }),
  );
  return skus;
}

/** Makes products to send commands to; resolves with their ids. */
export async function makeProducts(
  bus: CommandBus,
  names: readonly string[],
  answered: Answered,
): Promise<readonly string[]> {
  const run = randomUUID().slice(0, 8).toUpperCase();
  return Promise.all(
    names.map(async (name) => {
      const sku = `BENCH-${run}-${name}`;
      const entityId = productIdOf(sku);
      const price = { minor: 1_000, currency: "EUR" };
      const data = { sku, name: `Bench ${name}`, category: "bench", price, onHand: 1 };
      await sendAccepted(bus, { type: "CreateProduct", entityId, data }, answered);
      return entityId;
    }),
  );
}
