import type { IncomingMessage, ServerResponse } from "node:http";
import { GraphQLError } from "graphql";
import { createHandler } from "graphql-http";
import type { Request, Response } from "graphql-http";
import type { Logger } from "pino";
import { bearerToken } from "../auth/token.ts";
import type { TokenVerifier } from "../auth/token.ts";
import type { OperationContext } from "../context.ts";
import { AuthError, GatewayError, requestError, toClientError } from "../errors.ts";
import type { Operation, Operations, Sender } from "../operations/operations.ts";
import { addressOf } from "../traffic/address.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { readBody } from "./body.ts";
import { traceOf } from "./trace.ts";

interface EndpointOptions {
  readonly operations: Operations;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly traffic: Traffic;
  /** How many proxies of ours a request passes. */
  readonly trustedProxies: number;
  /** Whether queries may come by GET as well, as the audits of GraphQL over HTTP try. */
  readonly takesGet: boolean;
}

/** Answers one GraphQL request, headers of its own included. Never throws. */
export type GraphqlEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** GraphQL over HTTP: a bearer token, one JSON object by POST, one JSON answer. */
export function createGraphqlEndpoint(options: EndpointOptions): GraphqlEndpoint {
  const { operations, verifier, logger, traffic, trustedProxies, takesGet } = options;
  const handle = createHandler<IncomingMessage, Sender, OperationContext>({
    onSubscribe: ({ context }, params) => {
      const opened = operations.open(params, context);
      return "document" in opened ? opened : (asRateLimit(opened) ?? opened);
    },
    // `onSubscribe` is the only source of arguments, so they are one of our operations.
    execute: (args) => operations.run(args as Operation),
    formatError: (error) =>
      error instanceof GraphQLError
        ? withAnyCode(error)
        : requestError("BAD_REQUEST", `${error.message}.`),
  });

  return async (request, response) => {
    const trace = traceOf(request.headers);
    response.setHeader("x-correlation-id", trace.correlationId);
    try {
      const { method = "" } = request;
      if (method !== "POST" && !(takesGet && method === "GET")) {
        response.setHeader("allow", "POST");
        send(response, 405, null);
        return;
      }
      const address = addressOf(request, trustedProxies);
      traffic.request(address);
      const identity = await verifier.verify(bearerToken(request.headers.authorization));
      const body = method === "POST" ? await readBody(request) : null;
      const context: Sender = { identity, address, ...trace };
      const [answer, { status, headers }] = await handle(adapt(request, { body, context }));
      for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
      send(response, status, answer);
    } catch (error) {
      const shown = toClientError(error, { traceId: trace.correlationId, logger });
      if (error instanceof AuthError) response.setHeader("www-authenticate", "Bearer");
      const retryAfter = retryAfterOf(shown);
      if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
      // What is left of a refused body is not read: the connection ends instead.
      if (!request.complete) response.setHeader("connection", "close");
      response.setHeader("content-type", "application/json; charset=utf-8");
      send(response, statusOf(error), JSON.stringify({ errors: [shown] }));
    }
  };
}

function adapt(
  raw: IncomingMessage,
  { body, context }: { body: string | null; context: Sender },
): Request<IncomingMessage, Sender> {
  const { method = "", url = "", headers } = raw;
  return { method, url, headers, body: body === "" ? null : body, raw, context };
}

/** Proxies and clients that know nothing of GraphQL read the status and the header. */
function asRateLimit(errors: readonly GraphQLError[]): Response | null {
  const [error] = errors;
  const retryAfter = error === undefined ? null : retryAfterOf(error);
  if (retryAfter === null) return null;
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "retry-after": retryAfter,
  };
  const init = { status: 429, statusText: "Too Many Requests", headers };
  return [JSON.stringify({ errors }), init];
}

/** Whole seconds, as HTTP wants them; null for any other error. */
function retryAfterOf({ extensions }: GraphQLError): string | null {
  const waitMs = extensions["retryAfterMs"];
  return typeof waitMs === "number" ? String(Math.ceil(waitMs / 1_000)) : null;
}

function withAnyCode(error: GraphQLError): GraphQLError {
  if (typeof error.extensions["code"] === "string") return error;
  return requestError("BAD_REQUEST", error.message);
}

function statusOf(error: unknown): number {
  if (error instanceof AuthError) return 401;
  if (!(error instanceof GatewayError)) return 500;
  if (error.code === "RATE_LIMITED") return 429;
  return error.code === "LIMIT_EXCEEDED" ? 413 : 400;
}

function send(response: ServerResponse, status: number, body: string | null): void {
  if (response.destroyed) return;
  response.statusCode = status;
  response.setHeader("content-length", Buffer.byteLength(body ?? ""));
  response.end(body ?? "");
}
