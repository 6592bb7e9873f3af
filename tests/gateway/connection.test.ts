import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createBacklog } from "../../gateway/live/backlog.ts";
import { createConnection } from "../../gateway/live/connection.ts";
import type { Connection } from "../../gateway/live/connection.ts";
import { disposeLater, eventually } from "../support/servers.ts";

const FRAME = "x".repeat(65_536);
/** More than any kernel holds back for a socket on the loopback device. */
const FRAMES_MAX = 2_000;

interface Pair {
  readonly client: WebSocket;
  readonly server: WebSocket;
  readonly stream: Duplex;
  readonly connection: Connection;
  /** Why it was cut off, if it was. */
  readonly cuts: string[];
}

async function pair(backlog = createBacklog(Number.POSITIVE_INFINITY)): Promise<Pair> {
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const sockets = new WebSocketServer({ noServer: true });
  const accepted = new Promise<[WebSocket, Duplex]>((resolve) => {
    http.on("upgrade", (request, stream, head) =>
      sockets.handleUpgrade(request, stream, head, (socket) => resolve([socket, stream])),
    );
  });
  const { port } = http.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${String(port)}`);
  const [server, stream] = await accepted;
  disposeLater(async () => {
    client.terminate();
    server.terminate();
    await new Promise((resolve) => http.close(resolve));
  });
  if (client.readyState !== WebSocket.OPEN) await once(client, "open");
  const cuts: string[] = [];
  const onCut = (reason: string): void => void cuts.push(reason);
  const connection = createConnection({ socket: server, stream, backlog, onCut });
  return { client, server, stream, connection, cuts };
}

describe("a connection", () => {
  test("cuts off a peer that reads nothing, before much is waiting for it", async () => {
    const { client, server, connection, cuts } = await pair();
    client.pause();
    let written = 0;
    while (server.readyState === WebSocket.OPEN && written < FRAMES_MAX) {
      connection.write(FRAME);
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(FRAMES_MAX);
    expect(server.readyState).not.toBe(WebSocket.OPEN);
    expect(server.bufferedAmount).toBeLessThan(1_048_576 + 2 * FRAME.length);
    expect(cuts).toEqual(["slow"]);
    client.resume();
    const [code] = (await once(client, "close")) as [number];
    expect(code).toBe(1006);
  });

  test("holds back a writer that waits, until its peer reads again", async () => {
    const { client, server, connection } = await pair();
    let received = 0;
    client.on("message", () => (received += 1));
    client.pause();
    let written = 0;
    let isDone = false;
    const writing = (async () => {
      for (; written < 500; written += 1) {
        connection.write(FRAME);
        await connection.drained();
      }
      isDone = true;
    })();
    await eventually(() => server.bufferedAmount > 0);
    client.resume();
    await writing;
    expect(isDone).toBe(true);
    await eventually(() => received === 500);
    expect(server.readyState).toBe(WebSocket.OPEN);
  });

  test("releases who waits for a peer that goes away", async () => {
    const { client, server, connection } = await pair();
    client.pause();
    while (server.bufferedAmount <= 65_536) {
      connection.write(FRAME);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const waiting = connection.drained();
    client.terminate();
    await waiting;
    await eventually(() => server.readyState === WebSocket.CLOSED);
  });

  test("sends what is written in one turn together, and in order", async () => {
    const { client, stream, connection } = await pair();
    const received: string[] = [];
    client.on("message", (data: Buffer) => received.push(data.toString("utf8")));
    const expected = Array.from({ length: 20 }, (_, index) => String(index));
    for (const text of expected) connection.write(text);
    expect(stream.writableLength).toBeGreaterThan(20);
    await eventually(() => received.length === expected.length);
    expect(received).toEqual(expected);
  });

  test("for whom most waits is cut off when too much waits for all together", async () => {
    const bytesMax = 1_400_000;
    const backlog = createBacklog(bytesMax);
    const healthy = await pair(backlog);
    const stalled = await Promise.all([pair(backlog), pair(backlog), pair(backlog)]);
    // None of them alone is above its own bound.
    for (const [index, { client, server, connection }] of stalled.entries()) {
      client.pause();
      const enough = [700_000, 500_000, 600_000][index] ?? 0;
      for (let written = 0; written < FRAMES_MAX; written += 1) {
        if (server.readyState !== WebSocket.OPEN || server.bufferedAmount > enough) break;
        connection.write(FRAME);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const [first, second, third] = stalled.map(({ cuts }) => cuts);
    expect([first, second, third]).toEqual([["memory"], [], []]);
    const waiting = stalled.map(({ server }) =>
      server.readyState === WebSocket.OPEN ? server.bufferedAmount : 0,
    );
    expect(waiting.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(bytesMax);
    const received = once(healthy.client, "message");
    healthy.connection.write("still here");
    const [data] = (await received) as [Buffer];
    expect(data.toString("utf8")).toBe("still here");
  });

  test("that reads again is not held against it what has waited before", async () => {
    const backlog = createBacklog(900_000);
    const slow = await pair(backlog);
    for (let round = 0; round < 4; round += 1) {
      slow.client.pause();
      for (let written = 0; written < FRAMES_MAX; written += 1) {
        if (slow.server.bufferedAmount > 500_000) break;
        slow.connection.write(FRAME);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(slow.server.bufferedAmount).toBeGreaterThan(500_000);
      slow.client.resume();
      await eventually(() => slow.server.bufferedAmount === 0);
    }
    expect(slow.cuts).toEqual([]);
  });
});
