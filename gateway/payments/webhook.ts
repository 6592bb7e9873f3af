import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { CommandBus, CommandOutcome } from "../../actors/index.ts";
import { noticeCommandIdOf, recordOf } from "../../machines/index.ts";
import type { Caller, ProviderCall } from "../../machines/index.ts";
import { GatewayError } from "../errors.ts";
import { readBytes } from "../http/body.ts";
import { traceOf } from "../http/trace.ts";
import { addressOf } from "../traffic/address.ts";
import type { Traffic } from "../traffic/traffic.ts";

const PROVIDER: Caller = { subject: "payment-provider", scope: "internal" };
/** A notice is told apart by its id alone: what is delivered again is answered from the log. */
const PAYLOAD_HASH = "notice";

/** What a payment provider tells by itself, its signature checked. */
interface Notice extends Pick<ProviderCall, "call" | "key"> {
  readonly id: string;
  readonly orderId: string;
  readonly outcome: object;
}

/** Reads a delivery. Throws an error with a `code` for what is not to be recorded. */
export type ReadNotice = (delivered: {
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
}) => Notice;

interface WebhookOptions {
  /** Null: nobody may deliver anything. */
  readonly readNotice: ReadNotice | null;
  readonly bus: CommandBus;
  readonly commandDeadlineMs: number;
  readonly traffic: Pick<Traffic, "request">;
  /** How many proxies of ours a delivery passes. */
  readonly trustedProxies: number;
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  /** Seconds after which another delivery may help. */
  readonly retryAfter?: number;
}

/** Answers one delivery. Never throws. */
export type PaymentWebhook = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The payment provider's door: a signed notice becomes the Record command that the reactor would
 * have sent for the same call. 200 means that the order knows; anything else asks for another
 * delivery, or says why none will help.
 */
export function createPaymentWebhook(options: WebhookOptions): PaymentWebhook {
  const { readNotice, traffic, trustedProxies, logger } = options;

  const take = async (request: IncomingMessage, correlationId: string): Promise<Answer> => {
    if (readNotice === null) {
      return refusal(404, "WEBHOOK_OFF", "No payment provider may send notices here.");
    }
    if (request.method !== "POST") return refusal(405, "BAD_REQUEST", "Notices come by POST.");
    traffic.request(addressOf(request, trustedProxies));
    const rawBody = await readBytes(request);
    const notice = readNotice({ headers: request.headers, rawBody });
    const outcome = await options.bus.send(envelopeOf(notice, correlationId, options));
    const { id, orderId, call, key } = notice;
    const facts = { correlationId, notice: id, orderId, call, key, answer: outcome.kind };
    logger.info(facts, "a payment notice was taken");
    return answerOf(outcome, correlationId);
  };

  return async (request, response) => {
    const { correlationId } = traceOf(request.headers);
    const answer = await take(request, correlationId).catch((error: unknown) => {
      const known = knownError(error);
      if (known === null) logger.error({ err: error, correlationId }, "fault in a payment notice");
      else logger.warn({ correlationId, ...known.body }, "a payment notice was refused");
      return known ?? fault(correlationId);
    });
    if (!request.complete) response.setHeader("connection", "close");
    if (answer.status === 405) response.setHeader("allow", "POST");
    const { retryAfter } = answer;
    if (retryAfter !== undefined) response.setHeader("retry-after", String(retryAfter));
    response.setHeader("x-correlation-id", correlationId);
    response.setHeader("content-type", "application/json; charset=utf-8");
    response.writeHead(answer.status);
    response.end(JSON.stringify(answer.body));
  };
}

function envelopeOf(
  notice: Notice,
  correlationId: string,
  { commandDeadlineMs }: Pick<WebhookOptions, "commandDeadlineMs">,
) {
  const { id, orderId: entityId, outcome } = notice;
  const { type, data } = recordOf(notice);
  const now = Date.now();
  return {
    commandId: noticeCommandIdOf(id, notice),
    aggregate: "order",
    entityId,
    command: {
      type,
      data: { ...data, ...outcome },
      now: new Date(now).toISOString(),
      by: PROVIDER,
    },
    payloadHash: PAYLOAD_HASH,
    correlationId,
    deadline: now + commandDeadlineMs,
  } as const;
}

/** A record whose moment has passed changes nothing, and needs no second delivery. */
function answerOf(outcome: CommandOutcome, correlationId: string): Answer {
  switch (outcome.kind) {
    case "accepted":
      return { status: 200, body: { recorded: true, version: outcome.version } };
    case "unchanged":
      return { status: 200, body: { recorded: false, version: outcome.version } };
    case "refused": {
      const { code, message } = outcome.refusal;
      return refusal(code === "NOT_FOUND" ? 404 : 422, code, message);
    }
    case "failed":
      if (outcome.code === "FAULT") return fault(correlationId);
      return { ...refusal(503, outcome.code, outcome.message), retryAfter: 1 };
  }
}

const statuses: Readonly<Record<string, number>> = {
  RATE_LIMITED: 429,
  LIMIT_EXCEEDED: 413,
  SIGNATURE_MISSING: 401,
  SIGNATURE_INVALID: 401,
  SIGNATURE_EXPIRED: 401,
  NOTICE_MALFORMED: 400,
};

function knownError(error: unknown): Answer | null {
  const code = (error as { code?: unknown } | null)?.code;
  if (!(error instanceof Error) || typeof code !== "string") return null;
  const status = statuses[code] ?? (error instanceof GatewayError ? 400 : undefined);
  if (status === undefined) return null;
  const waitMs = error instanceof GatewayError ? error.details["retryAfterMs"] : undefined;
  const answer = refusal(status, code, error.message);
  return typeof waitMs === "number" ? { ...answer, retryAfter: Math.ceil(waitMs / 1_000) } : answer;
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function fault(traceId: string): Answer {
  return refusal(500, "INTERNAL", `Something went wrong on our side (trace ${traceId}).`);
}
