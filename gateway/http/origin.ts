import type { IncomingMessage } from "node:http";

/** Which web pages may speak to the gateway from a browser. */
export interface OriginPolicy {
  /** True for our own pages, those on the list, and clients that are no browser. */
  allows(request: IncomingMessage): boolean;
}

/** Allows the origins of a list and the gateway's own. */
export function createOriginPolicy(allowed: readonly string[]): OriginPolicy {
  const list = new Set(allowed.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
  return {
    allows({ headers: { origin, host } }) {
      if (origin === undefined || list.has(origin.toLowerCase())) return true;
      return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
    },
  };
}

/** Headers that let a page of an allowed origin read the answer; none for other clients. */
export function corsHeaders(
  policy: OriginPolicy,
  request: IncomingMessage,
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  if (!policy.allows(request)) return { vary: "origin" };
  return {
    vary: "origin",
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "retry-after, x-correlation-id",
  };
}

/** What a page asks before it sends a request with a token. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "POST",
  "access-control-allow-headers":
    "accept, authorization, content-type, traceparent, x-correlation-id",
  "access-control-max-age": "600",
};
