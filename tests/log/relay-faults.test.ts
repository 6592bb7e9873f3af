import { expect, test } from "vitest";
import { eventually, testNats } from "../support/servers.ts";
import { startCutProxy } from "./cut-proxy.ts";
import { createHistories } from "./history-rig.ts";
import { connectTo, keepStore } from "./nats-rig.ts";
import { messagesIn, startRelayRig } from "./relay-rig.ts";

test.for([1, 2, 3, 5, 7, 8, 9, 99, 100, 101, 250])(
  "loses and repeats nothing when a relay dies after %i messages, even within a commit",
  async (messages) => {
    const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
    const proxy = await startCutProxy(server.port, messages);
    const histories = createHistories(rig.store, 5);
    const nats = await connectTo(server.url);
    // Attached to an empty store, so that all that follows is live, with positions.
    const dying = rig.relay(await connectTo(proxy.url));
    await eventually(() => dying.status().attached);

    await histories.grow(120);
    await proxy.cut;
    await dying.stop();
    await eventually(async () => (await messagesIn(nats)) === messages);

    const heir = rig.relay(nats);
    await rig.expectLevel(nats);
    await expect.poll(() => heir.status().published).toBe(300 - messages);
  },
);

test.for([1, 40, 100, 140])(
  "repairs again after a repair that died at message %i",
  async (messages) => {
    const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
    const proxy = await startCutProxy(server.port, messages);
    const histories = createHistories(rig.store, 7);
    const nats = await connectTo(server.url);
    await histories.grow(60);

    const dying = rig.relay(await connectTo(proxy.url));
    await proxy.cut;
    await dying.stop();
    await histories.grow(40);

    rig.relay(nats);
    await rig.expectLevel(nats);
  },
);

test("goes on by itself when its connection breaks again and again under load", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const proxy = await startCutProxy(server.port, 333);
  const nats = await connectTo(server.url);
  const relay = rig.relay(await connectTo(proxy.url));
  const histories = createHistories(rig.store, 10);
  const growing = histories.grow(600);
  await proxy.cut;
  await growing;
  await eventually(() => !relay.status().attached);
  proxy.mend();
  await rig.expectLevel(nats);
});

test("publishes each event once though two relays are at it at once", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 10);
  await histories.grow(100);
  const relays = [rig.relay(nats), rig.relay(await connectTo(server.url))];
  await histories.grow(900);
  await rig.expectLevel(nats);
  await eventually(() => relays.some((relay) => relay.status().lagMs === 0));
});

test("fills the stream up again when NATS comes back with an old tail", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const relay = rig.relay(nats);
  const histories = createHistories(rig.store, 10);
  await histories.grow(100);
  await rig.expectLevel(nats);
  await server.stop();
  const putBack = await keepStore(server);
  await server.restart();

  await histories.grow(100);
  await rig.expectLevel(nats);
  await server.stop();
  await putBack();
  const growing = histories.grow(100);
  await server.restart();
  await growing;
  await rig.expectLevel(nats);
  await eventually(() => relay.status().attached);
});

test("fills the stream up again after JetStream was wiped under load", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  rig.relay(nats);
  const histories = createHistories(rig.store, 10);
  for (const wipe of [
    () => server.wipe(),
    async () => (await nats.jetstreamManager()).streams.delete("EVT"),
  ]) {
    const growing = histories.grow(300);
    await eventually(async () => (await messagesIn(nats)) > 50);
    await wipe();
    await growing;
    // Whoever publishes next notices; when nobody does, the idle check would.
    await histories.grow(10);
    await rig.expectLevel(nats);
  }
});

test("fills up a stream that is empty but not new after a restart", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const first = rig.relay(nats, { maxAgeMs: 1_000 });
  const histories = createHistories(rig.store, 10);
  await histories.grow(100);
  await eventually(() => first.status().published === 250);
  await eventually(async () => (await messagesIn(nats)) === 0);
  await first.stop();
  await server.restart();
  await eventually(() => nats.flush().then(() => true));
  await histories.grow(10);
  rig.relay(nats);
  await rig.expectLevel(nats);
});
