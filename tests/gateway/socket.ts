import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { disposeLater, eventually } from "../support/servers.ts";

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A socket that speaks the protocol by hand and forgets no message. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Every frame as it came. */
  readonly frames: string[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: object | string): void;
  /** Sends them in as few packets as they fit into, so that they arrive in one breath. */
  sendTogether(messages: readonly object[]): void;
  /** The first message that fits; waits for it. */
  message(fits: (message: Message) => boolean): Promise<Message>;
}

interface RawOptions {
  readonly protocol?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a socket and waits until it is open. */
export async function openSocket(url: string, options: RawOptions = {}): Promise<RawSocket> {
  const { protocol = "graphql-transport-ws", headers = {} } = options;
  const socket = new WebSocket(url, protocol, { headers: { ...headers } });
  disposeLater(() => {
    socket.terminate();
    return Promise.resolve();
  });
  const frames: string[] = [];
  socket.on("message", (data: Buffer) => frames.push(data.toString("utf8")));
  const closed = once(socket, "close").then(([code, reason]: unknown[]) => ({
    code: code as number,
    reason: String(reason),
  }));
  const upgraded = once(socket, "upgrade") as Promise<[IncomingMessage]>;
  await once(socket, "open");
  const [{ socket: connection }] = await upgraded;
  const find = (fits: (message: Message) => boolean): Message | undefined =>
    frames.map((frame) => JSON.parse(frame) as Message).find(fits);
  const send = (message: object | string): void =>
    socket.send(typeof message === "string" ? message : JSON.stringify(message));
  return {
    socket,
    frames,
    closed,
    send,
    sendTogether(messages) {
      connection.cork();
      messages.forEach(send);
      connection.uncork();
    },
    async message(fits) {
      let found: Message | undefined;
      const description = `a message: ${String(fits)}`;
      await eventually(() => (found = find(fits)) !== undefined, { description });
      return found ?? { type: "none" };
    },
  };
}

/** Opens a socket and gets its token accepted. */
export async function openAcknowledged(url: string, token: string): Promise<RawSocket> {
  const socket = await openSocket(url);
  socket.send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
  await socket.message(({ type }) => type === "connection_ack");
  return socket;
}
