import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Logger } from "pino";
import { developmentKeys } from "./cli/development-keys.ts";
import type { Running } from "./cli/running.ts";
import { seedShop } from "./cli/seed.ts";
import type { Config } from "./config.ts";
import { defaultCacheDir, keepRunning, startMongod, startNatsServer } from "./embedded/index.ts";
import {
  createMetrics,
  createTokenVerifier,
  openKeyRing,
  readTrustedDocuments,
  startGateway,
  type Gateway,
  type GatewayOptions,
  type Metrics,
  type SystemVersions,
} from "./gateway/index.ts";
import {
  connectMongo,
  connectNats,
  createErasureNotices,
  prepareEvt,
  prepareLog,
} from "./log/index.ts";
import { inspectionExtent } from "./inspection-setting.ts";
import { openPaying, type Paying } from "./paying.ts";
import { createPrivacy } from "./privacy/index.ts";
import { readiness, type HealthParts } from "./readiness.ts";
import { trafficLimits } from "./traffic-settings.ts";
import { evtLimits, openRooms, type Opened, type Rooms } from "./rooms.ts";
import { createSystemDesk } from "./system.ts";
import { taxesIn } from "./taxes.ts";
import { readVersions } from "./versions.ts";

/** Every room, running and wired together in this process. */
export interface Statecart extends Rooms {
  readonly running: Running;
  /** Takes no more work, ends what is under way, stops every room and every server of ours. */
  close(): Promise<void>;
}

interface StartOptions {
  readonly logger: Logger;
  /** Gets whole lines for the person who waits: where a server came from, what is being fetched. */
  readonly report: (line: string) => void;
}

/**
 * Starts servers that no address was given for, then every room, and resolves when the gateway
 * answers. Throws one error with a `code` and a sentence for the operator, having stopped whatever
 * had been started.
 */
export async function startStatecart(config: Config, options: StartOptions): Promise<Statecart> {
  const opened: Opened = [];
  try {
    const statecart = await start(config, options, opened);
    return { ...statecart, close: () => closeAll(opened, options.logger) };
  } catch (error) {
    await closeAll(opened, options.logger);
    throw error;
  }
}

async function closeAll(opened: Opened, logger: Logger): Promise<void> {
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) {
    try {
      await close();
    } catch (err) {
      logger.warn({ err }, "one part did not stop cleanly");
    }
  }
}

async function start(
  config: Config,
  { logger, report }: StartOptions,
  opened: Opened,
): Promise<Omit<Statecart, "close">> {
  const identity = await openIdentity(config, logger);
  await assertPortFree(config);
  const urls = await startServers(config, report, opened);
  const mongo = await connectMongo({ url: urls.mongodb, database: config.mongodbDatabase });
  opened.push(() => mongo.close());
  await prepareLog(mongo.db);
  const nats = await connectNats({ url: urls.nats, name: "statecart", logger });
  opened.push(() => nats.close());
  await prepareEvt(nats, evtLimits(config));
  const { db } = mongo;
  const privacy = await createPrivacy({
    db,
    masterKeys: identity.masterKeys,
    notices: createErasureNotices(nats),
    logger,
  });
  opened.push(() => privacy.close());
  const paying = await openPaying(config, { db, secret: identity.secret, logger });
  const { provider } = paying;
  const metrics = createMetrics();
  const rooms = openRooms(config, { db, nats, privacy, provider, metrics, logger }, opened);
  if (config.seed ?? config.mode === "development") {
    await seedShop(rooms, config.commandDeadlineMs);
  }
  const versions = await readVersions(db, nats);
  const rest = { ...identity, paying, metrics, versions, logger };
  const gateway = await openGateway(config, { ...rooms, ...rest });
  opened.push(() => gateway.close());
  paying.opened(gateway);
  const running: Running = {
    graphql: gateway.url,
    ws: gateway.wsUrl,
    nats: withoutPassword(urls.nats),
    mongodb: withoutPassword(urls.mongodb),
    ...(identity.tokens === null ? {} : { tokens: identity.tokens }),
  };
  return { running, ...rooms };
}

/** Who may enter, and the keys that we keep: given, or made by development. */
interface Identity {
  readonly verifier: ReturnType<typeof createTokenVerifier>;
  /** By which repeats are recognised. */
  readonly secret: string;
  readonly masterKeys: readonly string[];
  readonly tokens: { readonly operator: string; readonly customer: string } | null;
}

async function openIdentity(config: Config, logger: Logger): Promise<Identity> {
  const { dataDir, jwtIssuer: issuer, jwtAudience: audience } = config;
  const own = config.mode === "development" ? developmentKeys({ dataDir, issuer, audience }) : null;
  const file = config.jwtKeys ?? own?.publicKeyFile ?? "";
  const keys = await openKeyRing({ file, logger });
  const tokens =
    own === null || config.jwtKeys !== undefined
      ? null
      : { operator: own.sign("operator", "operator"), customer: own.sign("ada", "customer") };
  const verifier = createTokenVerifier({ keys, issuer, audience });
  const masterKeys = [config.masterKey ?? own?.masterKey, config.masterKeyAlso].filter(isGiven);
  return { verifier, secret: config.secret ?? own?.secret ?? "", masterKeys, tokens };
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined;
}

async function startServers(
  config: Config,
  report: (line: string) => void,
  opened: Opened,
): Promise<{ readonly mongodb: string; readonly nats: string }> {
  const cacheDir = config.cacheDir ?? defaultCacheDir();
  const local = async (
    start: typeof startMongod,
    name: string,
    binary: string | undefined,
  ): Promise<string> => {
    const dataDir = join(config.dataDir, name);
    const options = { dataDir, cacheDir, report, ...(binary ? { binary } : {}) };
    const server = await keepRunning((port) => start({ ...options, port }), report);
    opened.push(() => server.stop());
    return server.url;
  };
  const [mongodb, nats] = await Promise.allSettled([
    config.mongodbUrl ?? local(startMongod, "mongodb", config.mongodBin),
    config.natsUrl ?? local(startNatsServer, "nats", config.natsServerBin),
  ]);
  // Both are waited for, so that neither is left running when the other fails.
  if (mongodb.status === "rejected") throw mongodb.reason;
  if (nats.status === "rejected") throw nats.reason;
  return { mongodb: mongodb.value, nats: nats.value };
}

type GatewayParts = Identity &
  Rooms & {
    readonly paying: Paying;
    readonly metrics: Metrics;
    readonly versions: SystemVersions;
    readonly logger: Logger;
  };

async function openGateway(config: Config, parts: GatewayParts): Promise<Gateway> {
  const { bus, store, privacy, projections, verifier, secret, tokens, logger } = parts;
  const { host, port, projectionLagMaxMs: lagMaxMs } = config;
  const isProduction = config.mode === "production";
  const health: HealthParts = { ...parts, lagMaxMs };
  try {
    return await startGateway({
      host,
      port,
      bus,
      store,
      privacy,
      projections,
      verifier,
      logger,
      payloadKey: secret,
      metrics: parts.metrics,
      metricsToken: config.metricsToken ?? null,
      operationLogLevel: config.operationLogLevel ?? (isProduction ? "info" : "debug"),
      readiness: () => readiness(health),
      system: createSystemDesk({ ...parts, lagMaxMs }),
      allowedOrigins: config.allowedOrigins,
      trustedProxies: config.trustedProxies,
      socketBytesMax: config.socketBytesMax,
      trafficLimits: trafficLimits(config, config.mode),
      trustedDocuments: await trustedDocumentsOf(config),
      inspection: inspectionOf(config, parts),
      ...parts.paying.doors,
      leaveMs: config.drainMs ?? (isProduction ? 20_000 : 0),
      commandDeadlineMs: config.commandDeadlineMs,
      orderTerms: {
        taxesIn: (country) => taxesIn(config.taxes ?? {}, country),
        policy: {
          capture: config.capture,
          reservationTtlMs: config.orderExpiryMs,
          paymentActionTtlMs: config.paymentActionMs,
          authorisationTtlMs: config.authorisationMs,
          lookupDelayMs: config.paymentLookupMs,
        },
      },
      consoleFolder: consoleFolder(),
      development:
        config.mode === "development"
          ? { token: tokens?.customer ?? null, operatorToken: tokens?.operator ?? null }
          : null,
    });
  } catch (cause) {
    throw listenFault(cause, config);
  }
}

/** Beside these sources, or beside the folder that they were built into. */
function consoleFolder(): string {
  const places = [import.meta.dirname, join(import.meta.dirname, "..")];
  const folders = places.map((place) => join(place, "console/dist"));
  return folders.find((folder) => existsSync(folder)) ?? join(import.meta.dirname, "console/dist");
}

/** What operators may inspect; null where it is switched off. */
function inspectionOf(
  { inspection, mode }: Config,
  { follower, tickets: usedTickets }: Rooms,
): NonNullable<GatewayOptions["inspection"]> | null {
  const extent = inspectionExtent(inspection, mode);
  return extent === "off" ? null : { follower, usedTickets, hasViewer: extent === "viewer" };
}

async function trustedDocumentsOf({ trustedDocuments: file }: Config) {
  return file === undefined ? null : await readTrustedDocuments(file);
}

/** Tries the port before servers are fetched and started, which may take minutes. */
async function assertPortFree(config: Config): Promise<void> {
  const probe = createServer();
  try {
    probe.listen({ host: config.host, port: config.port });
    await once(probe, "listening");
    probe.close();
    await once(probe, "close");
  } catch (cause) {
    throw listenFault(cause, config);
  }
}

/** Says what to do about a port that cannot be had; any other error goes on as it is. */
function listenFault(cause: unknown, { host, port }: Config): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const place = `port ${String(port)} of ${host}`;
  const choose = "choose another with PORT (0 takes any free one)";
  if (code === "EADDRINUSE") {
    return Object.assign(new Error(`${place} is in use: ${choose}`, { cause }), { code });
  }
  if (code === "EACCES") {
    return Object.assign(new Error(`${place} needs more rights: ${choose}`, { cause }), { code });
  }
  return cause;
}

/** An address as it may be shown: without the user's name and password. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
