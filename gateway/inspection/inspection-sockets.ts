import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import type { EventStore, Follower } from "../../log/index.ts";
import type { Connection } from "../live/connection.ts";
import { createSocketGroup } from "../live/socket-group.ts";
import type { SocketServer } from "../live/socket-group.ts";
import type { Backlog } from "../live/backlog.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { inspectionFrames } from "./feed.ts";
import { InspectionRefusal, inspectionCodes } from "./refusal.ts";
import type { InspectionCode } from "./refusal.ts";
import { TARGETS, targetOf } from "./target.ts";
import type { InspectionTickets } from "./tickets.ts";

/** Sockets that may show a ticket, so that strangers cannot keep operators out. */
const SOCKETS_MAX = 1_000;
/** Each folds on its own: few people look at once. */
const FEEDS_MAX = 50;
/** Nothing is expected from a client. */
const MESSAGE_BYTES_MAX = 1_024;
/** Most that `setTimeout` takes: 24 days. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

export interface InspectionSocketsOptions {
  readonly tickets: InspectionTickets;
  readonly follower: Follower;
  readonly store: Pick<EventStore, "read">;
  readonly logger: Logger;
  readonly traffic: Traffic;
  /** What waits for all sockets of the process. */
  readonly backlog: Backlog;
  readonly trustedProxies: number;
  readonly pingIntervalMs?: number | undefined;
}

/**
 * The inspection feed over WebSocket: one stream a socket, named and opened by its URL. Each reader
 * is told at its own pace; one that does not read answers no pings and is cut off by the second.
 */
export function createInspectionSockets(options: InspectionSocketsOptions): SocketServer {
  const { tickets, logger, traffic, backlog, trustedProxies, pingIntervalMs } = options;
  let feeds = 0;

  const tell = async (
    request: IncomingMessage,
    { socket, connection }: { readonly socket: WebSocket; readonly connection: Connection },
  ): Promise<void> => {
    const { searchParams } = new URL(request.url ?? "", "ws://gateway");
    const target = targetOf(searchParams.get("stream") ?? "");
    if (target === null) {
      throw new InspectionRefusal("STREAM_INVALID", `The stream must be ${TARGETS}.`);
    }
    const until = await tickets.enter(searchParams.get("ticket"), target.name);
    if (feeds >= FEEDS_MAX) throw new InspectionRefusal("TRY_AGAIN", "Too many feeds are open.");
    feeds += 1;
    try {
      const gone = goneSignal(socket, until);
      for await (const frame of inspectionFrames(options, target, gone)) {
        if (gone.aborted) return;
        connection.write(frame);
        await connection.drained();
      }
    } finally {
      feeds -= 1;
    }
  };

  return createSocketGroup({
    bounds: { maxPayload: MESSAGE_BYTES_MAX },
    socketsMax: SOCKETS_MAX,
    traffic,
    backlog,
    trustedProxies,
    pingIntervalMs,
    onOpened({ socket, connection, request }) {
      socket.on("error", (err) => logger.debug({ err }, "an inspection socket broke"));
      socket.on("ping", () => connection.bound());
      socket.on("message", () => close(socket, "NOT_LISTENING", "This socket only tells."));
      tell(request, { socket, connection }).catch((error: unknown) => {
        const code = codeOf(error);
        if (code === "FAULT") logger.error({ err: error }, "fault in an inspection feed");
        close(socket, code, error instanceof InspectionRefusal ? error.message : messages[code]);
      });
    },
  });
}

/** Aborts when the socket is closed, and closes it at a moment (ms since the epoch). */
function goneSignal(socket: WebSocket, until: number): AbortSignal {
  const gone = new AbortController();
  const expiry = setTimeout(
    () => close(socket, "FORBIDDEN", "The token has expired."),
    Math.min(until - Date.now(), TIMEOUT_MAX_MS),
  );
  const end = (): void => {
    clearTimeout(expiry);
    gone.abort();
  };
  if (socket.readyState === socket.OPEN) socket.once("close", end);
  else end();
  return gone.signal;
}

const messages: Readonly<Record<string, string>> = {
  TOO_MUCH: "There is too much to inspect all of it at once: name an order or a product.",
  TRY_AGAIN: "The database is out of reach; come again with another ticket.",
  FAULT: "Something went wrong on our side.",
};

function codeOf(error: unknown): InspectionCode {
  if (error instanceof InspectionRefusal) return error.code;
  const code = (error as { code?: unknown } | null)?.code;
  if (code === "STORE_UNAVAILABLE") return "TRY_AGAIN";
  return code === "STREAMS_TOO_MANY" ? "TOO_MUCH" : "FAULT";
}

function close(socket: WebSocket, code: InspectionCode, reason: string | undefined): void {
  socket.close(inspectionCodes[code], reason);
}
