import { createClient, type Client } from "graphql-ws";
import { currentToken, refuseToken, session } from "../auth/session.ts";

const KEEP_ALIVE_MS = 10_000;
const RETRY_MS_MAX = 4_000;
/** What the gateway closes with when a token is none, or has expired. */
const TOKEN_CODES: readonly unknown[] = [4401, 4403];

const cuts = new Set<() => void>();

/** Calls back whenever the socket is lost; answers with how to stop. */
export function onCut(listener: () => void): () => void {
  cuts.add(listener);
  return () => cuts.delete(listener);
}

/** The one socket of this page, opened by the first feed. */
export const socket: Client = createSocket();

function createSocket(): Client {
  let pongTimer: number | undefined;
  let tokenInUse = "";
  const client = createClient({
    url: () => `${location.origin.replace(/^http/, "ws")}/graphql`,
    connectionParams: async () => {
      tokenInUse = await currentToken();
      return { authorization: `Bearer ${tokenInUse}` };
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((resolve) => {
        const most = Math.min(RETRY_MS_MAX, 250 * 2 ** retries);
        window.setTimeout(resolve, most * (0.5 + Math.random() / 2));
      }),
    keepAlive: KEEP_ALIVE_MS,
    on: {
      // A dead connection without a close is noticed by the answer that does not come.
      ping: (isReceived) => {
        if (!isReceived) pongTimer = window.setTimeout(() => client.terminate(), KEEP_ALIVE_MS / 2);
      },
      pong: (isReceived) => {
        if (isReceived) window.clearTimeout(pongTimer);
      },
      closed: (event) => {
        window.clearTimeout(pongTimer);
        for (const cut of cuts) cut();
        const { code, reason } = event as { code?: unknown; reason?: string };
        if (!TOKEN_CODES.includes(code) || session.get().token === null) return;
        void refuseToken(tokenInUse, `${reason ?? ""} Give another one to go on here.`.trim());
      },
    },
  });
  return client;
}
