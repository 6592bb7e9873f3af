import { GraphQLError } from "graphql";
import type { Logger } from "pino";

/** What a client may do about an error of this code, and the HTTP status outside GraphQL. */
interface CodeRule {
  readonly retryable: boolean;
  /** The code that the client sees instead, so that it need not know our rooms. */
  readonly as?: string;
  /** Shown instead of the error's own words, where those are not meant for a client. */
  readonly message?: string;
}

const AWAY = "The database is out of reach; try again in a moment, with the same idempotencyKey.";

const DAMAGED = "This history is not what was appended; verifyHistory says where it breaks.";

const UNREADABLE = "This history holds an event that cannot be read here yet; operators see it.";

/**
 * Every code that may stand in `extensions.code`. Errors of other rooms are recognised by their
 * code, never by their class; a code that is not in this table is a fault and is masked.
 */
const rules: Readonly<Record<string, CodeRule>> = {
  UNAUTHENTICATED: { retryable: false },
  FORBIDDEN: { retryable: false },
  BAD_REQUEST: { retryable: false },
  BAD_USER_INPUT: { retryable: false },
  GRAPHQL_PARSE_FAILED: { retryable: false },
  GRAPHQL_VALIDATION_FAILED: { retryable: false },
  LIMIT_EXCEEDED: { retryable: false },
  RATE_LIMITED: { retryable: true },
  DOCUMENT_NOT_TRUSTED: { retryable: false },
  INTROSPECTION_DISABLED: { retryable: false },
  INSPECTION_DISABLED: { retryable: false },
  CURSOR_INVALID: { retryable: false },
  NOT_FOUND: { retryable: false },
  OVERLOADED: { retryable: true },
  VERSION_NOT_FOUND: { retryable: false },
  UNAVAILABLE: { retryable: true },
  TIMEOUT: { retryable: true },
  READ_MODEL_BEHIND: { retryable: true },
  EVT_UNAVAILABLE: {
    retryable: true,
    as: "UNAVAILABLE",
    message: "The live stream is out of reach; try again in a moment.",
  },
  REPLAY_FAULT: { retryable: true, as: "EVENT_UNREADABLE", message: UNREADABLE },
  EVENT_UNREADABLE: { retryable: true, message: UNREADABLE },
  HISTORY_GAP: { retryable: false, as: "HISTORY_DAMAGED", message: DAMAGED },
  HISTORY_MALFORMED: { retryable: false, as: "HISTORY_DAMAGED", message: DAMAGED },
  STORE_UNAVAILABLE: { retryable: true, as: "UNAVAILABLE", message: AWAY },
  KEYS_UNAVAILABLE: { retryable: true, as: "UNAVAILABLE", message: AWAY },
  READ_UNAVAILABLE: { retryable: true, as: "UNAVAILABLE", message: AWAY },
  QUERY_TIMEOUT: { retryable: true, as: "TIMEOUT" },
  FEEDS_EXHAUSTED: { retryable: true, as: "OVERLOADED" },
  WAITERS_EXHAUSTED: { retryable: true, as: "OVERLOADED" },
  PAGE_SIZE_INVALID: { retryable: false, as: "BAD_USER_INPUT" },
  PERIOD_INVALID: { retryable: false, as: "BAD_USER_INPUT" },
  SEARCH_INVALID: { retryable: false, as: "BAD_USER_INPUT" },
};

/** An error meant for the client: its message is shown as it is. */
export class GatewayError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "GatewayError";
    this.code = code;
    this.details = details;
  }
}

/** A refused credential: `expired` tells a client that only needs a fresh token from a stranger. */
export class AuthError extends GatewayError {
  readonly isExpired: boolean;

  constructor(message: string, isExpired = false) {
    super("UNAUTHENTICATED", message);
    this.isExpired = isExpired;
  }
}

interface FormatOptions {
  /** The correlation id of the request, by which its log lines are found. */
  readonly traceId: string;
  readonly logger: Logger;
}

/**
 * Turns whatever went wrong into the error that the client sees: a known code with its message, or
 * `INTERNAL` with a trace id and nothing else. Faults are logged here, once.
 */
export function toClientError(error: unknown, { traceId, logger }: FormatOptions): GraphQLError {
  const outer = error instanceof GraphQLError ? error : new GraphQLError("fault");
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (error instanceof GraphQLError && isRequestError(error)) return asRequestError(error);
  const code = codeOf(cause);
  const rule = code === null ? undefined : rules[code];
  if (code === null || rule === undefined) {
    logger.error({ err: cause, traceId, path: outer.path }, "fault in a GraphQL operation");
    return rebuild(outer, `Something went wrong on our side (trace ${traceId}).`, {
      code: "INTERNAL",
      retryable: false,
      traceId,
    });
  }
  const details = cause instanceof GatewayError ? cause.details : {};
  const message = rule.message ?? (cause as Error).message;
  return rebuild(outer, message, {
    code: rule.as ?? code,
    retryable: rule.retryable,
    ...details,
  });
}

/** The code under which a client sees an error. */
export function shownCode(error: unknown): string {
  const own = error instanceof GraphQLError ? error.extensions["code"] : undefined;
  if (typeof own === "string") return own;
  const code = codeOf(error instanceof GraphQLError ? error.originalError : error);
  const rule = code === null ? undefined : rules[code];
  return rule === undefined ? "INTERNAL" : (rule.as ?? code ?? "INTERNAL");
}

/** A GraphQL error of ours before execution: parsing, validation, limits, credentials. */
export function requestError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, retryable: rules[code]?.retryable ?? false },
  });
}

/** An error of graphql-js with its places in the document kept and a code of ours added. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  return rebuild(error, error.message, { code, retryable: rules[code]?.retryable ?? false });
}

/** graphql-js itself complained: about the document, or about a variable or argument. */
function isRequestError(error: GraphQLError): boolean {
  return error.originalError === undefined || error.originalError instanceof GraphQLError;
}

function asRequestError(error: GraphQLError): GraphQLError {
  if (typeof error.extensions["code"] === "string") return error;
  return withCode(error, "BAD_USER_INPUT");
}

function rebuild(
  from: GraphQLError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLError {
  return new GraphQLError(message, {
    nodes: from.nodes ?? null,
    source: from.source ?? null,
    positions: from.positions ?? null,
    path: from.path ?? null,
    extensions,
  });
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return error instanceof Error && typeof code === "string" ? code : null;
}
