import type { IncomingMessage, ServerResponse } from "node:http";
import type { AggregateName } from "../../machines/index.ts";
import { chartText } from "../charts/chart.ts";
import type { ChartFormat } from "../charts/chart.ts";

const PATH = /^\/charts\/(order|product)\.(json|svg|mmd|drawing\.json)$/;

const types: Readonly<Record<ChartFormat, string>> = {
  json: "application/json",
  svg: "image/svg+xml",
  mmd: "text/vnd.mermaid; charset=utf-8",
  "drawing.json": "application/json",
};

/** Whether a path is one of `/charts/{order,product}.{json,svg,mmd,drawing.json}`. */
export function isChartPath(path: string): boolean {
  return PATH.test(path);
}

/** Answers with a statechart. Charts are no secret: they tell nothing of any order. */
export function sendChart(
  path: string,
  { method }: Pick<IncomingMessage, "method">,
  response: ServerResponse,
): void {
  const [, name, format] = PATH.exec(path) ?? [];
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const body = chartText(name as AggregateName, format as ChartFormat);
  response.writeHead(200, {
    "content-type": types[format as ChartFormat],
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "cache-control": "public, max-age=300",
  });
  response.end(method === "HEAD" ? undefined : body);
}
