import { once } from "node:events";
import { json } from "node:stream/consumers";
import { WebSocket } from "ws";
import { z } from "zod";
import { adjust, createGraphqlClient } from "./graphql-request.ts";
import { quantilesOf } from "./measure.ts";

/**
 * The clients of sockets.ts, in a process of their own. They ask for the next events as soon as
 * every socket has the ones before, so that the server is never idle and never swamped.
 */
const job = z
  .object({
    ws: z.string(),
    sockets: z.int(),
    /** Where and as whom to subscribe and to make events; null = the raw server. */
    graphql: z
      .object({
        url: z.string(),
        tokens: z.array(z.string()).min(1),
        product: z.string(),
        run: z.string(),
        query: z.string(),
      })
      .nullable(),
    /** Events that are under way at once. */
    window: z.int(),
    /** Pause between two windows. */
    pauseMs: z.number(),
    durationMs: z.number(),
  })
  .parse(await json(process.stdin));

const CONNECTS_AT_ONCE = 50;
/** Heartbeats and acknowledgements are shorter, events longer. */
const EVENT_BYTES_MIN = 300;

const sent: number[] = [];
const latencies: number[] = [];
let received = 0;
let sample = "";
let isCounting = false;
let wake = (): void => undefined;

function count(event: number, data: Buffer): void {
  received += 1;
  if (sample === "") sample = data.toString("utf8");
  const at = sent[event];
  // One in seven is enough for quantiles.
  if (isCounting && at !== undefined && received % 7 === 0) latencies.push(performance.now() - at);
  if (received === sent.length * job.sockets) wake();
}

async function connect(index: number): Promise<WebSocket> {
  const { graphql } = job;
  const socket = new WebSocket(job.ws, graphql === null ? [] : "graphql-transport-ws");
  socket.on("close", (code: number) => {
    if (!isOver) throw new Error(`a socket was closed with ${String(code)}`);
  });
  await once(socket, "open");
  let events = 0;
  const ready = new Promise<void>((resolve) => {
    if (graphql === null) resolve();
    socket.on("message", (data: Buffer) => {
      if (data.length >= EVENT_BYTES_MIN) count(events++, data);
      else if (data.includes("CaughtUp")) resolve();
      else if (data.includes('"error')) throw new Error(data.toString("utf8"));
    });
  });
  if (graphql !== null) {
    const token = graphql.tokens[index % graphql.tokens.length] ?? "";
    const payload = { authorization: `Bearer ${token}` };
    socket.send(JSON.stringify({ type: "connection_init", payload }));
    const subscribe = { type: "subscribe", id: "1", payload: { query: graphql.query } };
    socket.once("message", () => socket.send(JSON.stringify(subscribe)));
  }
  await ready;
  return socket;
}

let isOver = false;
const connecting = performance.now();
const sockets: WebSocket[] = [];
while (sockets.length < job.sockets) {
  const some = Math.min(CONNECTS_AT_ONCE, job.sockets - sockets.length);
  const from = sockets.length;
  sockets.push(...(await Promise.all(Array.from({ length: some }, (_, i) => connect(from + i)))));
}
const connectMs = performance.now() - connecting;

const mutator =
  job.graphql === null ? null : createGraphqlClient(job.graphql.url, job.graphql.tokens[0] ?? "");

async function trigger(): Promise<void> {
  sent.push(performance.now());
  if (job.graphql === null || mutator === null) {
    sockets[0]?.send("next");
    return;
  }
  const idempotencyKey = `${job.graphql.run}-${String(sent.length)}`;
  await adjust(mutator, { productId: job.graphql.product, idempotencyKey });
}

async function window(): Promise<void> {
  const all = new Promise<void>((resolve) => {
    wake = resolve;
  });
  await Promise.all(Array.from({ length: job.window }, trigger));
  await all;
}

await window();
isCounting = true;
const before = received;
const start = performance.now();
while (performance.now() - start < job.durationMs) {
  await window();
  if (job.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, job.pauseMs));
}
const seconds = (performance.now() - start) / 1_000;
isOver = true;
const figure = {
  perSecond: (received - before) / seconds,
  ...quantilesOf(latencies),
  messages: received - before,
  connectMs,
  sample,
};
process.stdout.write(JSON.stringify(figure));
for (const socket of sockets) socket.terminate();
mutator?.close();
