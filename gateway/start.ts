import { setTimeout as delay } from "node:timers/promises";
import type { Level, Logger } from "pino";
import type { CommandBus } from "../actors/index.ts";
import type { EventStore } from "../log/index.ts";
import type { Privacy } from "../privacy/index.ts";
import type { Feed, HistoryReads, OrderReadModel, ProductReadModel } from "../projections/index.ts";
import type { TokenVerifier } from "./auth/token.ts";
import type { OrderTerms } from "./commands/facts.ts";
import { findOwnerIn } from "./commands/find-owner.ts";
import { findProductsIn } from "./commands/product-facts.ts";
import type { Services } from "./context.ts";
import { createConsole } from "./http/console.ts";
import { createContracts } from "./http/contracts.ts";
import { createGraphiql } from "./http/graphiql.ts";
import { createGraphqlEndpoint } from "./http/graphql-endpoint.ts";
import type { Readiness } from "./http/health.ts";
import { closeServer, createHttpServer, listen } from "./http/http-server.ts";
import { createMetricsPage } from "./http/metrics-page.ts";
import { createOriginPolicy } from "./http/origin.ts";
import { createRouter, GRAPHQL_PATH, WEBHOOK_PATH } from "./http/router.ts";
import { createStaffDoor } from "./http/staff-door.ts";
import type { InspectionDesk } from "./inspection/desk.ts";
import { createInspection } from "./inspection/inspection.ts";
import type { InspectionParts } from "./inspection/inspection.ts";
import { INSPECT_PATH } from "./inspection/stately-page.ts";
import { createLiveFeeds } from "./live/feeds.ts";
import { createBacklog } from "./live/backlog.ts";
import type { Backlog } from "./live/backlog.ts";
import { createSocketServer } from "./live/socket-server.ts";
import { createUpgrades } from "./live/upgrades.ts";
import { createMetrics } from "./metrics/metrics.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { createJournal } from "./operations/journal.ts";
import { createOperations } from "./operations/operations.ts";
import { createPreparer } from "./operations/prepare.ts";
import { assertUsable } from "./operations/trusted-documents.ts";
import type { TrustedDocuments } from "./operations/trusted-documents.ts";
import { ACTION_PATH } from "./payments/action-page.ts";
import type { PaymentActions } from "./payments/action-page.ts";
import { paymentDoors } from "./payments/payment-doors.ts";
import type { ReadNotice } from "./payments/webhook.ts";
import { schema } from "./schema/schema.ts";
import type { SystemDesk, SystemLoad } from "./system.ts";
import { createTraffic, UNLIMITED } from "./traffic/traffic.ts";
import type { Traffic, TrafficLimits } from "./traffic/traffic.ts";

const COMMAND_DEADLINE_MS = 5_000;
const SOCKET_BYTES_MAX = 268_435_456;

/** What the gateway is made of. */
export interface GatewayOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly bus: CommandBus;
  readonly projections: {
    readonly orders: OrderReadModel;
    readonly products: ProductReadModel;
    readonly feed: Feed;
    readonly forgetCustomer: (customerId: string) => Promise<number>;
    readonly history: HistoryReads;
  };
  /** For reading one history. */
  readonly store: Pick<EventStore, "read">;
  readonly privacy: Privacy;
  readonly verifier: TokenVerifier;
  /** Key of the payload hashes; the same in every process, for ever. */
  readonly payloadKey: string;
  readonly logger: Logger;
  /** Of the level of the line that every operation leaves in the log; `debug` unless given. */
  readonly operationLogLevel?: Level;
  /** Where operations are counted; shown with everything else on `/metrics`. */
  readonly metrics?: Metrics;
  /** By which Prometheus may read `/metrics`, beside operators and services. */
  readonly metricsToken?: string | null;
  /** Asked for each `/readyz`. */
  readonly readiness: () => Promise<Readiness>;
  /** Origins of web pages that may connect, besides our own. */
  readonly allowedOrigins: readonly string[];
  /** How many proxies that write `X-Forwarded-For` stand before it; none unless given. */
  readonly trustedProxies?: number;
  /** How much one customer and one address may ask for; without limit unless given. */
  readonly trafficLimits?: TrafficLimits;
  /** When given, no other document is taken. */
  readonly trustedDocuments?: TrustedDocuments | null;
  /**
   * Serves GraphiQL and introspection for everybody; `token` is put into its pages and
   * `operatorToken` into the console's, if they are opened on this machine. Absent or null in
   * production.
   */
  readonly development?: {
    readonly token: string | null;
    readonly operatorToken?: string | null;
  } | null;
  /** Where the built console lies; without it there is none. */
  readonly consoleFolder?: string | null;
  /** How the process is doing, for operators; without it nobody is told. */
  readonly system?: SystemDesk | null;
  /** How operators watch statecharts in Stately's inspector; without it nobody does. */
  readonly inspection?: InspectionParts | null;
  /** Checks and reads what the payment provider tells by itself; without it nobody may tell. */
  readonly readNotice?: ReadNotice | null;
  /** Serves the page on which a person decides on a payment of the sandbox. */
  readonly paymentActions?: PaymentActions | null;
  /** Time for one attempt of a command. */
  readonly commandDeadlineMs?: number;
  /** What new orders are subject to; the rules of machines/ unless given. */
  readonly orderTerms?: OrderTerms;
  /** How long `SETTLED` waits at most; 10 s unless given. */
  readonly settleTimeoutMs?: number;
  /** Time for a whole operation. */
  readonly operationTimeoutMs?: number;
  /** Bytes that may wait for all sockets together; 256 MiB unless given. */
  readonly socketBytesMax?: number;
  /** How often sockets are asked whether anybody is there. */
  readonly pingIntervalMs?: number;
  /** How long it goes on serving while it sends everybody elsewhere; not at all unless given. */
  readonly leaveMs?: number;
  /** Time that requests under way have at the end. */
  readonly drainMs?: number;
}

/** A gateway that serves. */
export interface Gateway {
  readonly url: string;
  readonly wsUrl: string;
  /** Where the payment provider sends its notices. */
  readonly webhookUrl: string;
  /** The page of one payment of the sandbox; it answers only where `paymentActions` were given. */
  actionUrlOf(key: string): string;
  readonly port: number;
  /** Takes nothing new, lets what is under way end within a bound, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts the gateway. Rejects with the error of `listen` (`EADDRINUSE`) when it cannot serve, and
 * with `TRUSTED_DOCUMENTS_INVALID` when one of those could never be answered.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger, verifier, development = null, readiness, drainMs = 10_000 } = options;
  const { leaveMs = 0, metrics = createMetrics() } = options;
  let isLeaving = false;
  const showsSchema = isInDevelopment(options);
  const { operations, traffic, backlog, inspection } = gateOf(options, metrics, () => ({
    sockets: sockets.counts().open,
    subscriptions: feeds.counts().readers,
  }));
  const entrance = { operations, verifier, logger, traffic };
  const { trustedProxies = 0, commandDeadlineMs = COMMAND_DEADLINE_MS } = options;
  const graphql = createGraphqlEndpoint({ ...entrance, trustedProxies, takesGet: showsSchema });
  const graphiql = development === null ? null : createGraphiql(development);
  const origins = createOriginPolicy(options.allowedOrigins);
  const feeds = createLiveFeeds({ operations, logger, metrics });
  const { pingIntervalMs } = options;
  const graphqlSockets = { ...entrance, backlog, feeds, trustedProxies, pingIntervalMs };
  const doors = [
    [GRAPHQL_PATH, createSocketServer(graphqlSockets)] as const,
    ...(inspection === null ? [] : [[INSPECT_PATH, inspection.sockets] as const]),
  ];
  const sockets = createUpgrades({ origins, doors: new Map(doors) });
  const door = createStaffDoor({ verifier, isOpen: showsSchema });
  const route = createRouter({
    graphql,
    graphiql,
    consolePage: consoleOf(options),
    contracts: createContracts(door),
    metricsPage: createMetricsPage({
      door,
      token: options.metricsToken ?? null,
      page: async () =>
        metrics.page({
          status: (await options.system?.status()) ?? null,
          sockets: sockets.counts(),
          feeds: feeds.counts(),
          refused: traffic.refused(),
        }),
    }),
    inspection: options.inspection ?? null,
    origins,
    readiness: async () => {
      const { isReady, details } = await readiness();
      return { isReady: isReady && !isLeaving, details: { ...details, isDraining: isLeaving } };
    },
    ...paymentDoors({ ...options, trustedProxies, commandDeadlineMs, origins, traffic }),
  });
  const server = createHttpServer({ route, logger, metrics });
  server.on("upgrade", (request, stream, head) => sockets.accept(request, stream, head));

  const port = await listen(server, options);
  return {
    ...addressesOf(options.host, port),
    async close() {
      isLeaving = true;
      // Whoever sends requests here learns only after a while that they are to go elsewhere.
      if (leaveMs > 0) await delay(leaveMs / 2);
      await sockets.leave(leaveMs / 2);
      await Promise.all([closeServer(server, drainMs), sockets.close(drainMs)]);
    },
  };
}

/** What every operation passes, over either transport, and the feed that one of them opens. */
function gateOf(options: GatewayOptions, metrics: Metrics, load: () => SystemLoad) {
  const { logger, payloadKey: key, operationLogLevel: level = "debug" } = options;
  const showsSchema = isInDevelopment(options);
  const trusted = options.trustedDocuments ?? null;
  const preparer = createPreparer({ schema, hideSuggestions: !showsSchema, trusted });
  if (trusted !== null) assertUsable(trusted, preparer.problemsOf);
  const traffic = createTraffic(options.trafficLimits ?? UNLIMITED);
  const backlog = createBacklog(options.socketBytesMax ?? SOCKET_BYTES_MAX);
  const inspection = inspectionOf(options, { traffic, backlog });
  const operations = createOperations({
    schema,
    services: servicesOf(options, inspection?.desk ?? null, load),
    logger,
    preparer,
    traffic,
    journal: createJournal({ logger, level, metrics, key }),
    showsSchema,
    operationTimeoutMs: options.operationTimeoutMs ?? 20_000,
  });
  return { operations, traffic, backlog, inspection };
}

function isInDevelopment({ development = null }: GatewayOptions): boolean {
  return development !== null;
}

function addressesOf(host: string, port: number): Omit<Gateway, "close"> {
  const place = `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
  return {
    url: `http://${place}${GRAPHQL_PATH}`,
    wsUrl: `ws://${place}${GRAPHQL_PATH}`,
    webhookUrl: `http://${dialled(place)}${WEBHOOK_PATH}`,
    actionUrlOf: (key) => `http://${dialled(place)}${ACTION_PATH}${key}`,
    port,
  };
}

/** A place to listen at as one to knock at: every address of this machine is no address. */
function dialled(place: string): string {
  return place.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:");
}

function consoleOf({ consoleFolder: folder = null, development }: GatewayOptions) {
  if (folder === null) return null;
  return createConsole({ folder, token: development?.operatorToken ?? null });
}

/** Null where it is switched off. */
function inspectionOf(
  { inspection: parts = null, payloadKey: secret, store, logger, ...rest }: GatewayOptions,
  { traffic, backlog }: { readonly traffic: Traffic; readonly backlog: Backlog },
) {
  if (parts === null) return null;
  const { trustedProxies = 0, pingIntervalMs } = rest;
  return createInspection({
    parts,
    secret,
    store,
    logger,
    traffic,
    backlog,
    trustedProxies,
    pingIntervalMs,
  });
}

function servicesOf(
  { bus, projections, store, ...rest }: GatewayOptions,
  inspection: InspectionDesk | null,
  load: () => SystemLoad,
): Services {
  return {
    ...projections,
    bus,
    inspection,
    load,
    system: rest.system ?? null,
    privacy: rest.privacy,
    payloadKey: rest.payloadKey,
    commandDeadlineMs: rest.commandDeadlineMs ?? COMMAND_DEADLINE_MS,
    settleTimeoutMs: rest.settleTimeoutMs ?? 10_000,
    orderTerms: rest.orderTerms ?? {},
    findProducts: findProductsIn(projections.products),
    findOwner: findOwnerIn(store),
  };
}
