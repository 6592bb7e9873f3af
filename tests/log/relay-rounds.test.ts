import { test } from "vitest";
import { eventually, testNats } from "../support/servers.ts";
import { startCutProxy } from "./cut-proxy.ts";
import { createHistories } from "./history-rig.ts";
import { connectTo, keepStore } from "./nats-rig.ts";
import { startRelayRig } from "./relay-rig.ts";

const ROUNDS = Number(process.env["RELAY_ROUNDS"] ?? 4);
const STEPS = 6;

/** Reproducible chance: the same seed takes the same steps. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test.for(Array.from({ length: ROUNDS }, (_, index) => 1_000 + index))(
  "ends equal to MongoDB whatever happens, in random order (seed %i)",
  { timeout: 120_000 },
  async (seed) => {
    const dice = createDice(seed);
    const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
    const nats = await connectTo(server.url);
    const histories = createHistories(rig.store, 8);
    let putBack = (): Promise<void> => Promise.resolve();
    const relays = [rig.relay(nats)];
    const hire = async (url = server.url) => {
      relays.push(rig.relay(await connectTo(url)));
    };
    const faults: (() => Promise<unknown>)[] = [
      async () => relays.shift()?.stop(),
      () => hire(),
      async () => hire((await startCutProxy(server.port, 1 + dice(200))).url),
      () => server.restart(),
      async () => {
        await server.kill();
        putBack = await keepStore(server);
        await server.restart();
      },
      async () => {
        await server.kill();
        await putBack();
        await server.restart();
      },
      () => server.wipe(),
      async () => (await nats.jetstreamManager()).streams.delete("EVT"),
      () => rig.checkpoints.save("relay", { repair: true }),
    ];
    for (let step = 0; step < STEPS; step += 1) {
      const growing = histories.grow(20 + dice(150));
      const fault = faults[dice(faults.length)];
      // A fault may meet the server away or the stream gone: then it is none.
      await fault?.().catch(() => undefined);
      await growing;
    }
    await Promise.all(relays.map((relay) => relay.stop()));
    await histories.grow(5);
    const last = rig.relay(nats);
    await rig.expectLevel(nats);
    await eventually(() => last.status().lagMs === 0);
  },
);
