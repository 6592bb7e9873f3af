import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { StaffDoor } from "./staff-door.ts";

export const METRICS_PATH = "/metrics";
/** The text format of Prometheus. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

interface MetricsPageOptions {
  readonly door: StaffDoor;
  /** The token of a Prometheus that has no other; null where there is none. */
  readonly token: string | null;
  readonly page: () => Promise<string>;
}

/** Answers `/metrics`: with the page, 405, or 401 and 403 for whom it is not. */
export type MetricsPage = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The page is for operators and services, for Prometheus, and in development for everybody. */
export function createMetricsPage({ door, token, page }: MetricsPageOptions): MetricsPage {
  const known = token === null ? null : digest(`Bearer ${token}`);
  const isPrometheus = ({ headers }: IncomingMessage): boolean =>
    known !== null && timingSafeEqual(digest(headers.authorization ?? ""), known);
  return async (request, response) => {
    if (request.method !== "GET") {
      response.writeHead(405, { allow: "GET" }).end();
      return;
    }
    if (!isPrometheus(request) && !(await door.admits(request, response))) return;
    response.writeHead(200, { "content-type": CONTENT_TYPE, "cache-control": "no-store" });
    response.end(await page());
  };
}

/** Of one length whatever it is of, so that a comparison takes one time. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
