import { pino } from "pino";
import { developmentKeys } from "../../cli/development-keys.ts";
import { readConfig } from "../../config.ts";
import { startStatecart, type Statecart } from "../../statecart.ts";
import { disposeLater, testDatabase, testFolder, testNats } from "./servers.ts";
import type { TestDatabase, TestServer } from "./servers.ts";

/** Says nothing; LOG_LEVEL makes it talk while a test is being written. */
const logger = pino({ level: process.env["LOG_LEVEL"] ?? "silent" });

/** A whole Statecart in this process, wired as `main.ts` does it, on the servers of the tests. */
export interface StatecartHere extends Statecart {
  readonly database: TestDatabase;
  readonly nats: TestServer;
  token(scope: "customer" | "operator" | "service", subject?: string): string;
}

/** Starts it with settings by their variables, without the seeded shop; stopped with the test. */
export async function startStatecartHere(
  env: Readonly<Record<string, string>> = {},
): Promise<StatecartHere> {
  const [database, nats, dataDir] = await Promise.all([testDatabase(), testNats(), testFolder()]);
  const { config } = readConfig([], {
    MONGODB_URL: database.url,
    MONGODB_DATABASE: database.name,
    NATS_URL: nats.url,
    PORT: "0",
    DATA_DIR: dataDir,
    STATECART_SEED: "false",
    ...env,
  });
  const statecart = await startStatecart(config, { logger, report: () => undefined });
  disposeLater(() => statecart.close());
  const { jwtIssuer: issuer, jwtAudience: audience } = config;
  const keys = developmentKeys({ dataDir, issuer, audience });
  const subjects = { customer: "ada", operator: "olga", service: "erp" };
  return {
    ...statecart,
    database,
    nats,
    token: (scope, subject = subjects[scope]) => keys.sign(subject, scope),
  };
}
