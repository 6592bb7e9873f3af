import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeEach, expect, test } from "vitest";
import { openShop, orderOf, run, sell } from "../gateway/shop.ts";
import type { Shop } from "../gateway/shop.ts";
import { connectTo } from "../log/nats-rig.ts";
import { disposeLater, eventually, testFolder } from "../support/servers.ts";

const program = join(import.meta.dirname, "../../docs/examples/consumer.js");

let shop: Shop;

// Its own for each: how many orders there are matters.
beforeEach(async () => {
  shop = await openShop();
  await sell(shop, "SUB-1");
});

/** The example in a process of its own, with what it has said so far. */
function subscriber(env: Record<string, string>): { child: ChildProcess; lines: string[] } {
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NATS_URL: shop.nats.url, ...env },
  });
  disposeLater(() => end(child));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  return { child, lines };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function place(): Promise<string> {
  const { order } = await run(shop, shop.customer(), ["createOrder", "order", orderOf("SUB-1")]);
  return String(order?.["number"]);
}

test("the consumer of docs/examples does each thing once, however it is killed", async () => {
  const STATE = join(await testFolder(), "mailer.json");
  const orders = [await place()];
  const first = subscriber({ STATE });
  await eventually(() => first.lines.length === 1);
  await end(first.child);
  orders.push(await place());

  const second = subscriber({ STATE });
  await eventually(() => second.lines.length === 1);
  await end(second.child);
  const said = [...first.lines, ...second.lines];
  for (const [index, number] of orders.entries()) expect(said[index]).toContain(number);

  // Everything once more, as after a crash before every acknowledgement.
  const manager = await (await connectTo(shop.nats.url)).jetstreamManager();
  await manager.consumers.delete("EVT", "mailer");
  const third = subscriber({ STATE });
  // Not by counting deliveries: a slow acknowledgement makes one more.
  const isRead = async (): Promise<boolean> => {
    const { num_pending, num_ack_pending } = await manager.consumers.info("EVT", "mailer");
    return num_pending === 0 && num_ack_pending === 0;
  };
  await eventually(isRead);
  expect(third.lines).toEqual([]);
  expect(Object.keys(JSON.parse(await readFile(STATE, "utf8")) as object)).toHaveLength(2);
});

test("it replays from a time", async () => {
  await place();
  const STATE = join(await testFolder(), "mailer.json");
  const manager = await (await connectTo(shop.nats.url)).jetstreamManager();
  const isStored = async (): Promise<boolean> => {
    const message = await manager.streams.getMessage("EVT", { last_by_subj: "evt.order.>" });
    return Date.now() >= message.time.getTime();
  };
  await eventually(isStored);
  await eventually(async () => (await manager.streams.info("EVT")).state.messages >= 3);
  const { time } = await manager.streams.getMessage("EVT", { last_by_subj: "evt.order.>" });
  const FROM = new Date(time.getTime() + 1).toISOString();
  const { lines } = subscriber({ STATE, FROM, CONSUMER: "from-then" });
  const hasStarted = (): Promise<boolean> =>
    manager.consumers.info("EVT", "from-then").then(
      () => true,
      () => false,
    );
  await eventually(hasStarted);
  const number = await place();
  await eventually(() => lines.length > 0);
  expect(lines).toEqual([expect.stringContaining(number)]);
});
