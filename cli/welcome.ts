import type { Config } from "../config.ts";
import type { Running } from "./running.ts";

/** What `npm start` prints once everything is ready: where it is, who may enter, what to try. */
export function welcome(running: Running, config: Config): string {
  const rows = [
    ["Console", `${running.graphql.replace(/graphql$/, "console")} (in a browser)`],
    ["GraphQL", running.graphql],
    ...(config.mode === "development" ? [["GraphiQL", `${running.graphql} (in a browser)`]] : []),
    ["WebSocket", running.ws],
    ["NATS", running.nats],
    ["MongoDB", running.mongodb],
  ].map(([name, value]) => `  ${(name ?? "").padEnd(11)}${value ?? ""}`);
  const lines = ["", "Statecart is ready.", "", ...rows];
  if (running.tokens !== undefined) {
    lines.push(
      "",
      "Development tokens, good for twelve hours:",
      "",
      `  operator   ${running.tokens.operator}`,
      "",
      `  customer   ${running.tokens.customer}`,
      "",
      "A first order, pasted into another terminal in this folder:",
      "",
      "  TOKEN=$(npm run --silent token -- customer)",
      `  curl -s ${running.graphql} \\`,
      '    -H "content-type: application/json" -H "authorization: Bearer $TOKEN" \\',
      "    --data @docs/examples/create-order.json",
      "",
      "Watch it: npm run watch -- orders   and   npm run watch -- events",
    );
  }
  return `${lines.join("\n")}\n\nCtrl-C stops everything; starting again finds all data.\n`;
}
