import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { readConfig } from "../config.ts";
import { connectMongo } from "../log/index.ts";
import { createSandboxProvider, type SandboxLedger } from "../payments/index.ts";
import { startStatecart } from "../statecart.ts";
import { developmentKeys } from "./development-keys.ts";
import { askUntilAnswered } from "./graphql-request.ts";
import { readRunning } from "./running.ts";

/** How often a buyer sends again what was not answered. */
const TRIES_MAX = 20;

/** A shop as its customers see it, through GraphQL alone, and beside it the provider's books. */
export interface DemoShop {
  readonly operator: string;
  buyer(name: string): string;
  /** Sends a document until there is an answer. Throws for an error that no repeat can mend. */
  ask<Data>(token: string, query: string, variables: object): Promise<Data>;
  readonly ledger: SandboxLedger;
  close(): Promise<void>;
}

/** The Statecart that runs on a data folder. Throws when there is none in development mode. */
export async function runningShop(dataDir: string): Promise<DemoShop> {
  const running = readRunning(dataDir);
  if (running?.tokens === undefined) {
    throw new Error(`no Statecart in development mode runs on ${dataDir}; try 'npm start'`);
  }
  return shopAt({ ...running, dataDir, close: () => Promise.resolve() });
}

/** A Statecart of our own, on data that is gone when it is closed. */
export async function ownShop(say: (line: string) => void): Promise<DemoShop> {
  const dataDir = await mkdtemp(join(tmpdir(), "statecart-demo-"));
  // An empty setting is none: its servers are our own, too.
  const env = { ...process.env, MONGODB_URL: "", NATS_URL: "" };
  const args = ["--data-dir", dataDir, "--port", "0", "--seed", "false"];
  const { config } = readConfig(args, env);
  const logger = pino({ level: "error", base: null }, pino.destination({ fd: 2 }));
  const statecart = await startStatecart(config, { logger, report: say });
  return shopAt({
    ...statecart.running,
    dataDir,
    async close() {
      await statecart.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}

interface Place {
  readonly graphql: string;
  readonly mongodb: string;
  readonly dataDir: string;
  readonly close: () => Promise<void>;
}

async function shopAt({ graphql, mongodb, dataDir, close }: Place): Promise<DemoShop> {
  const keys = developmentKeys({ dataDir, issuer: "statecart", audience: "statecart" });
  const mongo = await connectMongo({ url: mongodb, database: "statecart" });
  const logger = pino({ level: "silent" });
  const { ledger } = await createSandboxProvider(mongo.db, { logger });
  return {
    operator: keys.sign("demo", "operator"),
    buyer: (name) => keys.sign(name, "customer"),
    ask: (token, query, variables) =>
      askUntilAnswered(() => ({ url: graphql, token, query, variables }), { triesMax: TRIES_MAX }),
    ledger,
    async close() {
      await mongo.close();
      await close();
    },
  };
}
