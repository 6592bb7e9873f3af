import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

/** A plain `ws` server that sends the same text to every socket whenever one of them asks. */
export interface RawSockets {
  readonly ws: string;
  close(): Promise<void>;
}

/** The limit to compare with: nothing but `ws` and the bytes. */
export async function startRawSockets(text: string): Promise<RawSockets> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.on("message", () => {
      for (const client of server.clients) {
        if (client.readyState === WebSocket.OPEN) client.send(text);
      }
    });
  });
  return {
    ws: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async close() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, "close");
    },
  };
}
