import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { BSON } from "mongodb";
import { onTestFinished } from "vitest";

/**
 * Sockets that introduce themselves as servers older than Statecart accepts. No old binary can be
 * fetched everywhere, and an introduction is all that a start-up check looks at.
 */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_LENGTH = 16;

/** A MongoDB 5.0 replica set member; resolves with its URL. */
export async function oldMongod(): Promise<string> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
        const length = received.readInt32LE(0);
        answerMongo(socket, received.subarray(0, length));
        received = received.subarray(length);
      }
    });
  });
  return `mongodb://127.0.0.1:${String(await listen(server))}/?directConnection=true`;
}

function answerMongo(socket: Socket, request: Buffer): void {
  const requestId = request.readInt32LE(4);
  const isQuery = request.readInt32LE(12) === OP_QUERY;
  const { port } = socket.address() as AddressInfo;
  const me = `127.0.0.1:${String(port)}`;
  const body = BSON.serialize({
    ok: 1,
    ismaster: true,
    isWritablePrimary: true,
    helloOk: true,
    setName: "rs0",
    hosts: [me],
    me,
    minWireVersion: 0,
    maxWireVersion: 13,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(0),
    logicalSessionTimeoutMinutes: 30,
    version: "5.0.4",
    versionArray: [5, 0, 4, 0],
  });
  // OP_REPLY: flags, cursor id, starting from, number returned; OP_MSG: flags, section kind 0.
  const prefix = Buffer.alloc(isQuery ? 20 : 5);
  if (isQuery) prefix.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeInt32LE(HEADER_LENGTH + prefix.length + body.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12);
  socket.write(Buffer.concat([header, prefix, body]));
}

/** A NATS 2.8 server; resolves with its URL. */
export async function oldNatsServer(): Promise<string> {
  const server = createServer((socket) => {
    const info = { server_id: "OLD", version: "2.8.4", headers: true, jetstream: true };
    socket.on("error", () => socket.destroy());
    socket.write(`INFO ${JSON.stringify({ ...info, max_payload: 1_048_576 })}\r\n`);
    socket.on("data", (chunk: Buffer) => {
      if (chunk.includes("PING")) socket.write("PONG\r\n");
    });
  });
  return `nats://127.0.0.1:${String(await listen(server))}`;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
