import { expect, test } from "vitest";
import { eventually, testNats } from "../support/servers.ts";
import { createHistories } from "./history-rig.ts";
import { connectTo } from "./nats-rig.ts";
import { startRelayRig } from "./relay-rig.ts";

test("carries every event into the stream once and in order, old ones and new ones", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 20);
  await histories.grow(300);

  const relay = rig.relay(nats);
  await histories.grow(300);
  await rig.expectLevel(nats);

  await eventually(() => relay.status().lagMs === 0);
  expect(relay.status()).toMatchObject({ state: "following", attached: true, published: 1500 });
});

test("is found out when it hears nothing of what is in the log", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 2);
  let isDeaf = false;
  const relay = rig.relay(nats, { isDeaf: () => isDeaf });
  await histories.grow(4);
  await eventually(() => relay.status().lagMs === 0);
  isDeaf = true;
  await histories.grow(4);
  await eventually(() => (relay.status().lagMs ?? 0) >= 5_000);
  isDeaf = false;
  await rig.expectLevel(nats);
  await eventually(() => relay.status().lagMs === 0);
});
