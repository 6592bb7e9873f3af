import { execute } from "graphql";
import type { ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { Identity } from "../auth/token.ts";
import type { OperationContext, Services, Viewer } from "../context.ts";
import { requestError, shownCode, toClientError } from "../errors.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { Entry, Journal } from "./journal.ts";
import { COST_MAX } from "./prepare.ts";
import type { Preparer } from "./prepare.ts";

/** Waiting ends early enough for the operation to say so itself before its own time is over. */
const WAITING_SHARE = 0.75;
/** What a document that is refused counts against its sender. */
const COST_OF_REFUSED = 10;
const TIMEOUT_MESSAGE =
  "The operation took too long. What it changed is not known: " +
  "send it again with the same idempotencyKey.";

/** What a client sends, over either transport. */
interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Who sends it, and by what names its traces are found. */
export interface Sender {
  readonly identity: Identity;
  /** Where from, as `traffic/address.ts` counts it. */
  readonly address: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}

/** An operation that passed every gate, ready to be run. */
export interface Operation extends ExecutionArgs {
  readonly contextValue: OperationContext;
  /** Names the document. */
  readonly hash: string;
  readonly traceId: string;
  readonly entry: Entry;
  /** Ends what has not begun yet. */
  readonly end: () => void;
}

/** The one way from a client's request to a result, the same for HTTP and WebSocket. */
export interface Operations {
  /** The operation, or the errors that the client gets instead. */
  open(request: OperationRequest, sender: Sender): Operation | readonly GraphQLError[];
  /** Runs a query or mutation within the time limit; errors come out formatted, never thrown. */
  run(operation: Operation): Promise<ExecutionResult>;
  /** A result as the client may see it. */
  format(result: ExecutionResult, traceId: string): ExecutionResult;
  /** A subscription has ended, with a code if it broke; `open` and `run` tell of all else. */
  ended(operation: Operation, code: string | null): void;
}

interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly logger: Logger;
  readonly preparer: Preparer;
  readonly traffic: Traffic;
  readonly journal: Journal;
  /** Whether clients may look at the schema. */
  readonly showsSchema: boolean;
  readonly operationTimeoutMs: number;
}

/** Makes the gate and the runner. */
export function createOperations(options: OperationsOptions): Operations {
  const { schema, logger, preparer, traffic, journal, operationTimeoutMs } = options;
  const hideSuggestions = !options.showsSchema;

  const format = (result: ExecutionResult, traceId: string): ExecutionResult =>
    formatted(result, { traceId, logger });

  /** Why it is not run at all; null when nothing speaks against it. */
  const objection = (
    prepared: ReturnType<Preparer["prepare"]>,
    cost: number,
    { identity, address, correlationId }: Sender,
  ): readonly GraphQLError[] | null => {
    try {
      traffic.operation({ identity, address }, cost);
    } catch (error) {
      return [toClientError(error, { traceId: correlationId, logger })];
    }
    if (!("document" in prepared)) return prepared;
    if (cost > COST_MAX) return [requestError("LIMIT_EXCEEDED", tooCostly(cost))];
    if (prepared.usesIntrospection && !options.showsSchema) {
      return [requestError("INTROSPECTION_DISABLED", "The schema is shown in development only.")];
    }
    return null;
  };

  return {
    format,
    open({ query, operationName, variables }, sender) {
      const prepared = preparer.prepare(query, operationName);
      const isPrepared = "document" in prepared;
      const entry = journal.begin({
        sender,
        operationName,
        prepared: isPrepared ? prepared : null,
      });
      const cost = isPrepared ? prepared.cost(variables ?? {}) : COST_OF_REFUSED;
      const errors = objection(prepared, cost, sender);
      if (errors !== null || !isPrepared) {
        journal.end(entry, codeIn(errors ?? []));
        return errors ?? [];
      }
      const { document, hash } = prepared;
      const ended = new AbortController();
      return {
        schema,
        document,
        operationName: operationName ?? null,
        variableValues: variables ?? null,
        hideSuggestions,
        contextValue: contextFor({ sender, entry, ended: ended.signal }, options),
        hash,
        traceId: sender.correlationId,
        entry,
        end: () => ended.abort(),
      };
    },
    async run(operation) {
      const { traceId, entry } = operation;
      const executed = execute(operation);
      const result = await (executed instanceof Promise
        ? withinTime(executed, { timeoutMs: operationTimeoutMs, onLate: operation.end })
        : executed);
      const shown = format(result, traceId);
      journal.end(entry, codeIn(shown.errors));
      return shown;
    },
    ended: ({ entry }, code) => journal.end(entry, code),
  };
}

function formatted(
  result: ExecutionResult,
  options: { readonly traceId: string; readonly logger: Logger },
): ExecutionResult {
  if (result.errors === undefined) return result;
  const { errors, ...rest } = result;
  return { ...rest, errors: errors.map((error) => toClientError(error, options)) };
}

/** The code of the first error; null where there is none. */
export function codeIn(errors: readonly GraphQLError[] | undefined): string | null {
  const [error] = errors ?? [];
  return error === undefined ? null : shownCode(error);
}

interface Arrived {
  readonly sender: Sender;
  readonly entry: Entry;
  readonly ended: AbortSignal;
}

function contextFor(
  { sender: { identity, correlationId, traceparent }, entry: { refusals }, ended }: Arrived,
  { services, operationTimeoutMs }: OperationsOptions,
): OperationContext {
  const { subject, scope, expiresAt: tokenExpiresAt } = identity;
  return {
    viewer: viewerOf(identity),
    services,
    request: {
      caller: { subject, scope },
      correlationId,
      ...(traceparent === undefined ? {} : { traceparent }),
      tokenExpiresAt,
      deadline: Date.now() + operationTimeoutMs * WAITING_SHARE,
      ended,
      refusals,
    },
    subscription: null,
  };
}

function tooCostly(cost: number): string {
  return (
    `The operation may bring up ${String(cost)} values, and at most ${String(COST_MAX)} are ` +
    "allowed: ask for fewer rows a page (`first`), or fewer fields of them."
  );
}

function viewerOf({ scope, subject }: Identity): Viewer {
  return { scope, customerId: scope === "customer" ? subject : null };
}

/**
 * What is under way goes on after its time: a command is answered by the log and never half done, a
 * read of MongoDB ends by its own `maxTimeMS`, and whoever waits does so until `deadline` only.
 */
async function withinTime(
  result: Promise<ExecutionResult>,
  { timeoutMs, onLate }: { readonly timeoutMs: number; readonly onLate: () => void },
): Promise<ExecutionResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExecutionResult>((resolve) => {
    timer = setTimeout(() => {
      onLate();
      resolve({ errors: [requestError("TIMEOUT", TIMEOUT_MESSAGE)] });
    }, timeoutMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
