import { expect, test } from "vitest";
import { openEvtStream } from "../../log/evt-stream.ts";
import { eventually, testNats } from "../support/servers.ts";
import { createHistories } from "./history-rig.ts";
import { connectTo } from "./nats-rig.ts";
import { startRelayRig } from "./relay-rig.ts";

/** A resume token begins with 82 and the time in seconds, in hexadecimal; the order is kept. */
const shifted = (seconds: number) => (token: string) => {
  const time = Number.parseInt(token.slice(2, 10), 16) + seconds;
  return `82${time.toString(16).toUpperCase().padStart(8, "0")}${token.slice(10)}`;
};
const LONG_GONE = shifted(-1_000_000_000);
const YET_TO_COME = shifted(1_000_000_000);
const NO_TOKEN = (token: string) => `this is no token ${token}`;

test.for([
  ["the oplog no longer holds", LONG_GONE],
  ["lies in the future", YET_TO_COME],
  ["is no token", NO_TOKEN],
] as const)("repairs when the position in the last message %s", async ([, changeToken]) => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 10);
  const first = rig.relay(nats, { changeToken });
  await eventually(() => first.status().attached);
  await histories.grow(40);
  await rig.expectLevel(nats);
  await first.stop();

  await histories.grow(40);
  const heir = rig.relay(nats);
  await rig.expectLevel(nats);
  await expect.poll(() => heir.status().published).toBe(100);
});

test.for([
  ["the oplog no longer holds", LONG_GONE],
  ["lies in the future", YET_TO_COME],
  ["is no token", NO_TOKEN],
] as const)("repairs when the position in the checkpoint %s", async ([, changeToken]) => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 10);
  const first = rig.relay(nats);
  await eventually(() => first.status().attached);
  await histories.grow(40);
  await rig.expectLevel(nats);
  await first.stop();
  const evt = await openEvtStream(nats, new AbortController().signal);
  const mark = (await evt.markAt(100))?.mark;
  await rig.checkpoints.save("relay", {
    token: changeToken(mark?.position?.token ?? ""),
    time: mark?.position?.time ?? 0,
    lastId: mark?.messageId,
    sequence: 100,
    created: (await evt.state())?.created,
  });

  await histories.grow(40);
  const heir = rig.relay(nats);
  await rig.expectLevel(nats);
  await expect.poll(() => heir.status().published).toBe(100);
});

test.for([{ nonsense: 1 }, "text", { repair: true }, { token: "", sequence: -1 }])(
  "needs no checkpoint that makes sense: %j",
  async (checkpoint) => {
    const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
    const nats = await connectTo(server.url);
    const histories = createHistories(rig.store, 5);
    const first = rig.relay(nats);
    await histories.grow(20);
    await rig.expectLevel(nats);
    await first.stop();
    await rig.checkpoints.save("relay", checkpoint);
    await histories.grow(20);
    rig.relay(nats);
    await rig.expectLevel(nats);
  },
);

test("goes on from the checkpoint without a repair when the stream is as it says", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 5);
  await histories.grow(40);
  const first = rig.relay(nats);
  await eventually(() => first.status().attached);
  await first.stop();
  const states = new Set<string>();
  const heir = rig.relay(nats);
  await eventually(() => {
    states.add(heir.status().state);
    return heir.status().attached;
  });
  expect([...states]).not.toContain("repairing");
});
