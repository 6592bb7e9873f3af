import { CloseCode } from "graphql-ws";
import type { Context, ServerOptions } from "graphql-ws";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { bearerToken } from "../auth/token.ts";
import type { Identity, TokenVerifier } from "../auth/token.ts";
import { AuthError, requestError, shownCode, toClientError } from "../errors.ts";
import { traceOf } from "../http/trace.ts";
import { codeIn } from "../operations/operations.ts";
import type { Operation, Operations } from "../operations/operations.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { Connection } from "./connection.ts";
import type { LiveFeeds } from "./feeds.ts";
import type { OpenOperations } from "./open-operations.ts";
import type { FeedTarget } from "./reading.ts";

const OPERATION_ID_LENGTH_MAX = 128;
const INIT_WAIT_MS = 3_000;
/** RFC 6455, section 5.5: 125 bytes with the code. */
const CLOSE_REASON_BYTES_MAX = 123;

/** RFC 6455 registry: Try Again Later. */
const CLOSE_TRY_AGAIN = 1013;

type Params = Record<string, unknown>;

/** What the gateway knows of one socket. */
export interface SocketFacts {
  readonly socket: WebSocket;
  readonly connection: Connection;
  readonly address: string;
  readonly open: OpenOperations;
  /** Null until its token is verified. */
  identity: Identity | null;
}

export interface ProtocolOptions {
  readonly operations: Operations;
  readonly feeds: LiveFeeds;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly traffic: Traffic;
}

/** An operation on its way through graphql-ws, with where its results go. */
interface Targeted extends Operation {
  readonly target: FeedTarget;
  readonly open: OpenOperations;
}

/**
 * Our part of the protocol: a token at `connection_init` (4401 when it is not valid, 4403 when it
 * has expired, then or later: the client comes again with a fresh one), the same gate as over HTTP
 * for every operation, and live feeds behind subscriptions.
 */
export function protocolHooks(options: ProtocolOptions): ServerOptions<Params, SocketFacts> {
  const { operations, feeds, logger, traffic } = options;
  return {
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: (context) => connect(context, options),
    onSubscribe: ({ extra }, id, { query, operationName, variables }) => {
      const { identity, connection, address, open } = extra;
      if (identity === null) return [requestError("UNAUTHENTICATED", "No token was given.")];
      if (id.length > OPERATION_ID_LENGTH_MAX) {
        return [requestError("LIMIT_EXCEEDED", "The id of the operation is too long.")];
      }
      const sender = { identity, address, ...traceOf({}) };
      try {
        traffic.request(address);
      } catch (error) {
        return [toClientError(error, { traceId: sender.correlationId, logger })];
      }
      const opened = operations.open({ query, operationName, variables }, sender);
      if (!("document" in opened)) return opened;
      const objection = open.enter(id);
      if (objection !== null) return [requestError("LIMIT_EXCEEDED", objection)];
      const target = { connection, id, onEnd: () => open.leave(id) };
      const targeted: Targeted = { ...opened, target, open };
      return targeted;
    },
    // `onSubscribe` is the only source of arguments, so they are what it returned.
    execute: (args) => {
      const operation = args as Targeted;
      return operations.run(operation).finally(() => operation.target.onEnd());
    },
    subscribe: async (args) => {
      const { target, open, ...operation } = args as Targeted;
      const end = (code: string | null): void => {
        target.onEnd();
        operations.ended(operation, code);
      };
      const onEnd = (error?: unknown): void => end(error === undefined ? null : shownCode(error));
      try {
        const result = await feeds.subscribe(operation, { ...target, onEnd });
        if ("next" in result) open.onClose(target.id, () => void result.return());
        else end(codeIn(result.errors));
        return result;
      } catch (error) {
        onEnd(error);
        throw error;
      }
    },
    onError: (_context, _id, _payload, errors) =>
      errors.map((error) => {
        const { correlationId: traceId } = traceOf({});
        return toClientError(error, { traceId, logger }).toJSON();
      }),
  };
}

async function connect(
  { extra, connectionParams }: Context<Params, SocketFacts>,
  { verifier, logger, traffic }: ProtocolOptions,
): Promise<Record<string, unknown> | false> {
  const { socket } = extra;
  try {
    const { authorization, Authorization } = connectionParams ?? {};
    const identity = await verifier.verify(bearerToken(authorization ?? Authorization));
    const leave = traffic.socketOf(identity);
    if (leave === null) {
      // graphql-ws takes this code for a passing trouble and comes again by itself.
      socket.close(CLOSE_TRY_AGAIN, "Too many sockets are open for this token's subject.");
      return false;
    }
    if (socket.readyState === socket.OPEN) socket.once("close", leave);
    else leave();
    extra.identity = identity;
    const expiry = setTimeout(
      () => socket.close(CloseCode.Forbidden, "The token has expired."),
      identity.expiresAt - Date.now(),
    );
    socket.once("close", () => clearTimeout(expiry));
    return { expiresAt: new Date(identity.expiresAt).toISOString() };
  } catch (error) {
    if (!(error instanceof AuthError)) {
      logger.error({ err: error }, "fault while a token was verified");
      socket.close(CloseCode.InternalServerError, "Internal server error");
      return false;
    }
    const code = error.isExpired ? CloseCode.Forbidden : CloseCode.Unauthorized;
    socket.close(code, error.message.slice(0, CLOSE_REASON_BYTES_MAX));
    return false;
  }
}
