import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openEvtStream } from "../../log/evt-stream.ts";
import { connectNats } from "../../log/index.ts";
import { disposeLater, eventually, testNats } from "../support/servers.ts";
import { connectTo, quiet } from "./nats-rig.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A server that says who it is and answers pings, as far as a client asks before it is content. */
async function greetingServer(info: object): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write(`INFO ${JSON.stringify({ max_payload: 1_048_576, headers: true, ...info })}\r\n`);
    socket.on("data", (data) => {
      if (data.toString().includes("PING")) socket.write("PONG\r\n");
      const [, reply] = /^PUB \$JS\.API\.INFO (\S+) 0\r?$/m.exec(data.toString()) ?? [];
      const noResponders = "NATS/1.0 503\r\n\r\n";
      if (reply === undefined) return;
      socket.write(`HMSG ${reply} 1 ${noResponders.length} ${noResponders.length}\r\n`);
      socket.write(`${noResponders}\r\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  disposeLater(async () => {
    server.close();
    await once(server, "close");
  });
  return `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const connectQuietly = (url: string) => connectNats({ url, name: "test", logger: quiet });

test("does not speak in the clear to a server that is named as tls://", async () => {
  const server = await testNats();
  const url = server.url.replace("nats://", "tls://");
  await expect(connectQuietly(url)).rejects.toMatchObject({ code: "NATS_UNREACHABLE" });
});

test("says where no server answers, without the password", async () => {
  const failure = connectQuietly("nats://me:secret@127.0.0.1:1");
  await expect(failure).rejects.toMatchObject({ code: "NATS_UNREACHABLE" });
  await expect(failure).rejects.toThrow(/127\.0\.0\.1:1/);
  await expect(failure).rejects.not.toThrow(/secret/);
});

test("names the version of a server that is too old", async () => {
  const url = await greetingServer({ version: "2.8.4" });
  const failure = connectQuietly(url);
  await expect(failure).rejects.toMatchObject({ code: "NATS_TOO_OLD" });
  await expect(failure).rejects.toThrow(/version 2\.8\.4; 2\.9 is the oldest/);
});

test("says that JetStream is missing", async () => {
  const url = await greetingServer({ version: "2.10.1" });
  await expect(connectQuietly(url)).rejects.toMatchObject({ code: "JETSTREAM_MISSING" });
});

test("comes back by itself after the server was away", async () => {
  const server = await testNats();
  const nats = await connectTo(server.url);
  await server.restart();
  await eventually(async () => (await nats.rtt()) >= 0);
});

test("makes the stream once, brings its limits up to date and keeps it", async () => {
  const nats = await connectTo((await testNats()).url);
  const evt = await openEvtStream(nats, new AbortController().signal);
  expect(await evt.state()).toBeNull();
  const limits = { maxAgeMs: DAY_MS, maxBytes: 64 * 1024 * 1024 };
  const made = await Promise.all([evt.ensure(limits), evt.ensure(limits), evt.ensure(limits)]);
  const again = await evt.ensure({ ...limits, maxAgeMs: 2 * DAY_MS });
  expect(new Set([...made, again].map(({ created }) => created)).size).toBe(1);
  const { config } = await (await nats.jetstreamManager()).streams.info("EVT");
  expect(config).toMatchObject({
    subjects: ["evt.>"],
    max_age: 2 * DAY_MS * 1e6,
    max_bytes: limits.maxBytes,
    deny_delete: true,
    deny_purge: true,
  });
});

test("says that JetStream refuses a stream larger than its store", async () => {
  const nats = await connectTo((await testNats()).url);
  const evt = await openEvtStream(nats, new AbortController().signal);
  const limits = { maxAgeMs: DAY_MS, maxBytes: 1024 ** 5 };
  await expect(evt.ensure(limits)).rejects.toMatchObject({ code: "EVT_REFUSED" });
});
