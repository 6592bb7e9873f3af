import type { ServerResponse } from "node:http";

/** Whether this process should be sent requests, and what speaks against it. */
export interface Readiness {
  readonly isReady: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Answers `/livez`: the event loop turns, whatever else is away. */
export function sendAlive(response: ServerResponse): void {
  sendJson(response, 200, { alive: true });
}

/** Answers `/readyz`: 503 unless everything it depends on is there. */
export async function sendReadiness(
  response: ServerResponse,
  readiness: () => Promise<Readiness>,
): Promise<void> {
  const { isReady, details } = await readiness();
  sendJson(response, isReady ? 200 : 503, { ready: isReady, ...details });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
