import { expect, test } from "vitest";
import { createEvtReader } from "../../log/index.ts";
import type { EvtMessage, EvtReader } from "../../log/index.ts";
import { eventually, testNats } from "../support/servers.ts";
import type { TestServer } from "../support/servers.ts";
import { createHistories } from "./history-rig.ts";
import { connectTo } from "./nats-rig.ts";
import { startRelayRig } from "./relay-rig.ts";

/** A stream of so many commits (two and a half events each on average), and a reader of it. */
async function startReading(commits: number, options: { maxAgeMs?: number } = {}) {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 10);
  const relay = rig.relay(nats, options);
  await histories.grow(commits);
  await rig.expectLevel(nats);
  return { rig, server, nats, histories, relay, reader: createEvtReader(nats) };
}

/** Reads until there are so many messages, or until the reader throws. */
function take(
  reader: EvtReader,
  { after, count, created }: { after: number; count: number; created?: number },
): { readonly messages: EvtMessage[]; readonly error: Promise<unknown> } {
  const messages: EvtMessage[] = [];
  const signal = new AbortController().signal;
  const read = async () => {
    for await (const message of reader.follow(after, { signal, ...(created && { created }) })) {
      messages.push(message);
      if (messages.length === count) break;
    }
    return null;
  };
  return { messages, error: read().catch((error: unknown) => error) };
}

const sequencesOf = (messages: readonly EvtMessage[]) => messages.map(({ sequence }) => sequence);
const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("delivers what is stored after a sequence, then what comes, once and in order", async () => {
  const { rig, nats, histories, reader } = await startReading(40);
  const reading = take(reader, { after: 30, count: 170 });
  await histories.grow(40);
  await rig.expectLevel(nats);
  expect(await reading.error).toBeNull();
  expect(sequencesOf(reading.messages)).toEqual(numbers(31, 200));
});

test("reads single messages that are the same as followed ones", async () => {
  const { reader } = await startReading(12);
  const { messages, error } = take(reader, { after: 0, count: 30 });
  expect(await error).toBeNull();
  const singly = await Promise.all(messages.map(({ sequence }) => reader.message(sequence)));
  expect(singly).toEqual(messages);
  expect(messages[0]?.event).toMatchObject({
    specversion: "1.0",
    source: "/statecart/order",
    type: "statecart.order.OrderItemAdded.v1",
    sequence: "1",
  });
  expect(await reader.message(31)).toBeNull();
  expect(await reader.info()).toMatchObject({ firstSequence: 1, lastSequence: 30 });
});

test("delivers a long past to a slow reader without losing any of it", async () => {
  const { reader } = await startReading(4_000);
  const taken: number[] = [];
  for await (const message of reader.follow(0, { signal: AbortSignal.timeout(50_000) })) {
    taken.push(message.sequence);
    if (taken.length % 100 === 0) await reader.message(message.sequence);
    if (taken.length === 10_000) break;
  }
  expect(taken).toEqual(numbers(1, 10_000));
});

test("ends quietly when it is told to", async () => {
  const { reader } = await startReading(12);
  const leaving = new AbortController();
  const taken: number[] = [];
  for await (const message of reader.follow(0, { signal: leaving.signal })) {
    taken.push(message.sequence);
    if (taken.length === 30) leaving.abort();
  }
  expect(taken).toHaveLength(30);
  for await (const message of reader.follow(0, { signal: leaving.signal })) {
    expect.unreachable(`read ${message.sequence} after the end`);
  }
});

test("says that it was interrupted by a restart, and goes on from there", async () => {
  const { server, histories, reader, relay } = await startReading(40);
  const reading = take(reader, { after: 0, count: 200 });
  await eventually(() => reading.messages.length === 100);
  await server.restart();
  expect(await reading.error).toMatchObject({ code: "EVT_INTERRUPTED" });
  expect(sequencesOf(reading.messages)).toEqual(numbers(1, 100));

  await histories.grow(40);
  await eventually(() => relay.status().lastSequence === 200);
  const second = take(reader, { after: 100, count: 100 });
  expect(await second.error).toBeNull();
  expect(sequencesOf(second.messages)).toEqual(numbers(101, 200));
});

test.for([
  ["deleted", async (server: TestServer) => deleteStream(server)],
  ["wiped with its server", async (server: TestServer) => server.wipe()],
] as const)("says that it was interrupted when the stream is %s", async ([, wipe]) => {
  const { server, relay, reader } = await startReading(40);
  await relay.stop();
  const { created } = await reader.info();
  const reading = take(reader, { after: 0, count: 200, created });
  await eventually(() => reading.messages.length === 100);
  await wipe(server);
  expect(await reading.error).toMatchObject({ code: "EVT_INTERRUPTED" });
});

test("refuses to follow a stream that has replaced the one that was looked at", async () => {
  const { rig, server, nats, reader, histories } = await startReading(40);
  const { created } = await reader.info();
  await deleteStream(server);
  await histories.grow(40);
  await rig.expectLevel(nats);
  const { error } = take(reader, { after: 100, count: 1, created });
  expect(await error).toMatchObject({ code: "EVT_INTERRUPTED" });
});

test("refuses to follow from where the stream does not reach, or no longer", async () => {
  const { nats, relay, rig, histories, reader } = await startReading(40);
  const beyond = take(reader, { after: 101, count: 1 });
  expect(await beyond.error).toMatchObject({ code: "EVT_INTERRUPTED" });

  await relay.stop();
  const forgetful = rig.relay(nats, { maxAgeMs: 1_000 });
  await eventually(async () => (await reader.info()).firstSequence === 101);
  await histories.grow(4);
  await eventually(() => forgetful.status().lastSequence === 110);
  const aged = take(reader, { after: 50, count: 1 });
  expect(await aged.error).toMatchObject({ code: "EVT_INTERRUPTED" });
});

test("is unavailable at once while NATS is away or has no such stream", async () => {
  const { server, relay, reader } = await startReading(10);
  await relay.stop();
  await deleteStream(server);
  await expect(reader.info()).rejects.toMatchObject({ code: "EVT_UNAVAILABLE" });
  await server.kill();
  await expect(reader.info()).rejects.toMatchObject({ code: "EVT_UNAVAILABLE" });
  await expect(reader.message(1)).rejects.toMatchObject({ code: "EVT_UNAVAILABLE" });
  const { error } = take(reader, { after: 0, count: 1 });
  expect(await error).toMatchObject({ code: "EVT_UNAVAILABLE" });
});

async function deleteStream(server: TestServer): Promise<void> {
  const manager = await (await connectTo(server.url)).jetstreamManager();
  await manager.streams.delete("EVT");
}
