import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;
/** https://www.w3.org/TR/trace-context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The names by which one request is found in logs and events; fresh where none is given. */
export function traceOf(headers: IncomingHttpHeaders): {
  readonly correlationId: string;
  readonly traceparent?: string;
} {
  const given = headers["x-correlation-id"];
  const correlationId =
    typeof given === "string" && CORRELATION_ID.test(given) ? given : randomUUID();
  const { traceparent } = headers;
  return typeof traceparent === "string" && TRACEPARENT.test(traceparent)
    ? { correlationId, traceparent }
    : { correlationId };
}
