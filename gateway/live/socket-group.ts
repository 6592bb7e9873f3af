import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocketServer } from "ws";
import type { ServerOptions, WebSocket } from "ws";
import { addressOf } from "../traffic/address.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { SocketCounts } from "./socket-counts.ts";
import type { Backlog } from "./backlog.ts";
import { createConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";

/** RFC 6455 registry: the client comes again by itself. */
const RESTART = 1012;
const PING_INTERVAL_MS = 20_000;

/** Sockets beside the HTTP server. */
export interface SocketServer {
  /** Takes an upgrade whose path and origin are checked. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** Asks the clients to come again elsewhere, one after the other within so long. */
  leave(withinMs: number): Promise<void>;
  counts(): SocketCounts;
  /** Asks every client to come again elsewhere; cuts off those that have not left in time. */
  close(withinMs: number): Promise<void>;
}

/** A socket that has just been opened. */
export interface OpenedSocket {
  readonly socket: WebSocket;
  readonly connection: Connection;
  readonly request: IncomingMessage;
  readonly address: string;
}

interface SocketGroupOptions {
  /** How much a client may send, and in which protocol. */
  readonly bounds: Pick<
    ServerOptions,
    "maxPayload" | "maxFragments" | "maxBufferedChunks" | "handleProtocols"
  >;
  /** How many there may be at once; one more is refused with 503. */
  readonly socketsMax: number;
  readonly traffic: Traffic;
  /** What waits for all sockets of the process. */
  readonly backlog: Backlog;
  /** How many proxies of ours an upgrade passes. */
  readonly trustedProxies: number;
  /** A socket that has not answered a ping by the next one is ended; 20 s unless given. */
  readonly pingIntervalMs?: number | undefined;
  readonly onOpened: (opened: OpenedSocket) => void;
}

/** Sockets of one kind; it listens to nothing by itself. */
export function createSocketGroup(options: SocketGroupOptions): SocketServer {
  const { bounds, socketsMax, traffic, trustedProxies, backlog, onOpened } = options;
  const server = new WebSocketServer({ ...bounds, noServer: true, perMessageDeflate: false });
  const cut = { slow: 0, silent: 0, memory: 0 };
  const onCut = (reason: "slow" | "memory"): void => void (cut[reason] += 1);
  const pings = pingAll(server, {
    intervalMs: options.pingIntervalMs ?? PING_INTERVAL_MS,
    onSilent: () => void (cut.silent += 1),
  });

  return {
    accept(request, stream, head) {
      if (server.clients.size >= socketsMax) {
        refuse(stream, "503 Service Unavailable");
        return;
      }
      const address = addressOf(request, trustedProxies);
      const leave = traffic.socketFrom(address);
      if (leave === null) {
        refuse(stream, "429 Too Many Requests");
        return;
      }
      stream.once("close", leave);
      server.handleUpgrade(request, stream, head, (socket) => {
        const connection = createConnection({ socket, stream, backlog, onCut });
        onOpened({ socket, connection, request, address });
      });
    },
    counts: () => ({ open: server.clients.size, cut: { ...cut } }),
    async leave(withinMs) {
      // In random order, so that nobody is always the first; spread, so that those who take them
      // over are not run down.
      const leaving = [...server.clients].sort(() => Math.random() - 0.5);
      for (const socket of withinMs > 0 ? leaving : []) {
        socket.close(RESTART, "Service restart");
        await delay(withinMs / leaving.length);
      }
    },
    async close(withinMs) {
      clearInterval(pings);
      const left = [...server.clients].map(
        (socket) => new Promise((resolve) => socket.once("close", resolve)),
      );
      for (const socket of server.clients) socket.close(RESTART, "Service restart");
      const late = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, withinMs);
      await Promise.all(left);
      clearTimeout(late);
      server.close();
    },
  };
}

/** Answers an upgrade that is not taken. */
export function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Pings every socket and cuts off those that did not answer the ping before. */
function pingAll(
  server: WebSocketServer,
  { intervalMs, onSilent }: { readonly intervalMs: number; readonly onSilent: () => void },
): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>();
  return setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) {
        onSilent();
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.once("pong", () => silent.delete(socket));
      socket.ping();
    }
  }, intervalMs).unref();
}
