import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import type { Logger } from "pino";
import type { Metrics } from "../metrics/metrics.ts";
import { routeOf } from "./router.ts";

const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
/** How often connections that have become idle are closed while the server closes. */
const CLOSE_IDLE_INTERVAL_MS = 50;

interface HttpServerOptions {
  /** Answers a request; what it rejects with is answered with 500. */
  readonly route: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A server with bounds on slow clients, whose requests are timed; it does not listen yet. */
export function createHttpServer({ route, logger, metrics }: HttpServerOptions): Server {
  const server = createServer((request, response) => {
    const begunAt = performance.now();
    response.once("close", () => {
      const labels = { route: routeOf(request), status: response.statusCode };
      metrics.requestEnded(labels, (performance.now() - begunAt) / 1_000);
    });
    route(request, response).catch((err: unknown) => {
      logger.error({ err }, "fault in an HTTP request");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

/** Resolves with the port; rejects with the error of `listen`, such as `EADDRINUSE`. */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Lets requests under way end, then cuts off what is left. */
export async function closeServer(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_INTERVAL_MS);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
