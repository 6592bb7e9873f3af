import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import type { RelayStatus } from "../../log/index.ts";
import { program } from "../support/programs.ts";
import { disposeLater, eventually, testNats } from "../support/servers.ts";
import type { TestDatabase, TestServer } from "../support/servers.ts";
import { createHistories } from "./history-rig.ts";
import { connectTo } from "./nats-rig.ts";
import { startRelayRig } from "./relay-rig.ts";

interface RelayProcess {
  readonly child: ChildProcess;
  /** What it said last of itself. */
  status(): RelayStatus | null;
}

/** A relay in a process of its own, killed with the test. */
function startRelayProcess({ url, name }: TestDatabase, server: TestServer): RelayProcess {
  const child = fork(program("relay"), [url, name, server.url], { execArgv: [] });
  let status: RelayStatus | null = null;
  child.on("message", (message) => {
    status = message as RelayStatus;
  });
  const exited = once(child, "exit");
  disposeLater(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return { child, status: () => status };
}

test("hands over when its process is killed, with nothing lost or repeated", async () => {
  const [rig, server] = await Promise.all([startRelayRig(), testNats()]);
  const nats = await connectTo(server.url);
  const histories = createHistories(rig.store, 10);
  const relays = [1, 2].map(() => startRelayProcess(rig.database, server));
  const states = () => relays.map((relay) => relay.status()?.state).sort();
  await eventually(() => states().join() === "following,standby");

  const growing = histories.grow(2_000);
  const active = relays.find((relay) => relay.status()?.attached);
  const standby = relays.find((relay) => relay !== active);
  await eventually(() => (active?.status()?.published ?? 0) > 200);
  active?.child.kill("SIGKILL");
  await growing;
  await rig.expectLevel(nats);
  expect(standby?.status()?.state).toBe("following");
});
