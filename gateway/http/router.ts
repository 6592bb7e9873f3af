import type { IncomingMessage, ServerResponse } from "node:http";
import { isChartPath, sendChart } from "./charts.ts";
import type { Console } from "./console.ts";
import type { Contracts } from "./contracts.ts";
import type { Graphiql } from "./graphiql.ts";
import type { GraphqlEndpoint } from "./graphql-endpoint.ts";
import { sendAlive, sendReadiness } from "./health.ts";
import type { Readiness } from "./health.ts";
import { METRICS_PATH } from "./metrics-page.ts";
import type { MetricsPage } from "./metrics-page.ts";
import { ACTION_PATH } from "../payments/action-page.ts";
import type { ActionPage } from "../payments/action-page.ts";
import type { PaymentWebhook } from "../payments/webhook.ts";
import { INSPECT_PATH, sendInspection } from "../inspection/stately-page.ts";
import { corsHeaders, preflightHeaders } from "./origin.ts";
import type { OriginPolicy } from "./origin.ts";

/** Where GraphQL is served, over HTTP and WebSocket. */
export const GRAPHQL_PATH = "/graphql";
/** Where the payment provider sends its notices. */
export const WEBHOOK_PATH = "/webhooks/payments";

interface RouterOptions {
  readonly graphql: GraphqlEndpoint;
  /** Null in production. */
  readonly graphiql: Graphiql | null;
  readonly webhook: PaymentWebhook;
  /** Null where the provider is no sandbox, and in production. */
  readonly actionPage: ActionPage | null;
  /** Null where the inspection feed is switched off. */
  readonly inspection: { readonly hasViewer: boolean } | null;
  readonly contracts: Contracts;
  /** Null where it is not served. */
  readonly consolePage: Console | null;
  readonly metricsPage: MetricsPage;
  readonly origins: OriginPolicy;
  readonly readiness: () => Promise<Readiness>;
}

/** Finds who answers a request. Rejects on a fault, with the response still open. */
export function createRouter(options: RouterOptions) {
  const { graphql, graphiql, contracts, webhook, actionPage, origins, readiness } = options;
  const { consolePage, metricsPage, inspection } = options;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(corsHeaders(origins, request))) {
      response.setHeader(name, value);
    }
    const path = pathOf(request);
    if (path === "/livez") sendAlive(response);
    else if (path === "/readyz") await sendReadiness(response, readiness);
    else if (path === METRICS_PATH) await metricsPage(request, response);
    else if (isChartPath(path)) sendChart(path, request, response);
    else if (consolePage?.serves(path)) await consolePage.respond(path, request, response);
    else if (contracts.serves(path)) await contracts.respond(path, request, response);
    else if (inspection !== null && isInspectPath(path)) {
      sendInspection(path, request, { response, hasViewer: inspection.hasViewer });
    } else if (path === WEBHOOK_PATH) await webhook(request, response);
    else if (actionPage !== null && path.startsWith(ACTION_PATH)) {
      await actionPage(path, request, response);
    } else if (graphiql?.serves(path, request)) await graphiql.respond(path, request, response);
    else if (path !== GRAPHQL_PATH) response.writeHead(404).end();
    else if (request.method === "OPTIONS") preflight(response, origins.allows(request));
    else await graphql(request, response);
  };
}

/** The first parts of the paths that are counted under a name of their own. */
const routes = new Set(
  [
    GRAPHQL_PATH,
    WEBHOOK_PATH,
    METRICS_PATH,
    INSPECT_PATH,
    "/livez",
    "/readyz",
    "/charts",
    "/schemas",
    "/console",
  ].map(firstPart),
);

/** What a request is counted as: a path of ours, or `other`, so that there are few. */
export function routeOf(request: IncomingMessage): string {
  const first = firstPart(pathOf(request));
  return routes.has(first) ? `/${first}` : "other";
}

function firstPart(path: string): string {
  return path.split("/", 2)[1] ?? "";
}

function isInspectPath(path: string): boolean {
  return path === INSPECT_PATH || path.startsWith(`${INSPECT_PATH}/`);
}

/** The path of a request, without what follows the question mark. */
export function pathOf({ url = "" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? "";
}

function preflight(response: ServerResponse, isAllowed: boolean): void {
  if (isAllowed) response.writeHead(204, { ...preflightHeaders }).end();
  else response.writeHead(403).end();
}
