/** Checkouts driven through the real rooms, by a process that may die of it or by a test. */
import { setTimeout as delay } from "node:timers/promises";
import type { UUID } from "mongodb";
import { pino } from "pino";
import { loadState, machineHash, type CommandOutcome } from "../../actors/index.ts";
import { readConfig } from "../../config.ts";
import {
  connectMongo,
  connectNats,
  createSnapshots,
  prepareEvt,
  prepareLog,
} from "../../log/index.ts";
import { createMetrics } from "../../gateway/index.ts";
import { isSettled, orderStatus } from "../../machines/index.ts";
import type { EntityState, OrderContext, OrderStatus } from "../../machines/index.ts";
import { createPrivacy } from "../../privacy/index.ts";
import { createSandboxProvider } from "../../payments/index.ts";
import { evtLimits, openRooms, type Opened } from "../../rooms.ts";
import {
  cancel,
  createOrder,
  envelopeOf,
  orderOf,
  pay,
  ship,
  type Command,
} from "../actors/checkout-commands.ts";
import { masterKey } from "../support/personal-sample.ts";
import { courses, type Course } from "./courses.ts";

const POLL_MS = 100;

export interface Coordination {
  send(command: Command): Promise<CommandOutcome>;
  /** Takes an order through every course; again under the same name, it goes on where it stood. */
  drive(name: string): Promise<void>;
  /** Resolves when every order that there is has come to rest, and the reactor with it. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** Opens every room but the gateway on the servers that the settings in `env` name. */
async function openAll(env: Readonly<Record<string, string | undefined>>) {
  const { config } = readConfig([], env);
  const logger = pino({ level: "error" }, pino.destination(2));
  const { mongodbUrl = "", mongodbDatabase: database, natsUrl = "" } = config;
  const mongo = await connectMongo({ url: mongodbUrl, database });
  const { db } = mongo;
  await prepareLog(db);
  const nats = await connectNats({ url: natsUrl, name: "coordination", logger });
  await prepareEvt(nats, evtLimits(config));
  const privacy = await createPrivacy({ db, masterKeys: [masterKey], logger });
  const provider = await createSandboxProvider(db, {
    logger,
    callTimeoutMs: config.providerDeadlineMs,
  });
  const opened: Opened = [() => mongo.close(), () => nats.close()];
  const rooms = openRooms(
    config,
    { db, nats, privacy, provider, metrics: createMetrics(), logger },
    opened,
  );
  return { db, rooms, opened };
}

/** Opens the rooms, each of which begins its work at once, and drives checkouts through them. */
export async function openCoordination(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Coordination> {
  const { db, rooms, opened } = await openAll(env);
  const { store, bus, reactor } = rooms;
  const sources = { store, snapshots: createSnapshots(db), machineHash: machineHash() };
  const clock = { now: () => new Date() };

  const order = async (entityId: string): Promise<EntityState<OrderContext>> => {
    const { state } = await loadState(sources, { aggregate: "order", entityId });
    return state as EntityState<OrderContext>;
  };
  /** As a client does: the same command again until its outcome is definite. */
  const send = async (command: Command): Promise<CommandOutcome> => {
    for (;;) {
      const outcome = await bus.send(envelopeOf(command, clock));
      if (outcome.kind !== "failed") return outcome;
      await delay(POLL_MS);
    }
  };
  const reach = async (orderId: string, statuses: readonly OrderStatus[]): Promise<void> => {
    for (;;) {
      const state = await order(orderId);
      if (statuses.includes(orderStatus(state)) && isSettled(state)) return;
      await delay(POLL_MS);
    }
  };
  const take = async (key: string, course: Course): Promise<void> => {
    const orderId = orderOf(key);
    const created = await send(createOrder({ key, items: course.items, policy: course.policy }));
    if (created.kind !== "accepted") throw new Error(JSON.stringify(created));
    if (course.token !== undefined) await send(pay(orderId, course.token));
    if (course.then !== undefined) {
      await reach(orderId, ["PROCESSING", ...course.ends]);
      await send(course.then === "ship" ? ship(orderId) : cancel(orderId));
    }
    await reach(orderId, course.ends);
  };
  const isQuiet = (): boolean => {
    const { isActive, isCaughtUp, open } = reactor.status();
    return isActive && isCaughtUp && open === 0;
  };
  return {
    send,
    async drive(name) {
      const all = Object.entries(courses);
      await Promise.all(all.map(([title, course]) => take(`${title} of ${name}`, course)));
    },
    async rest() {
      const events = db.collection("events");
      const streams = (await events.distinct("s", { t: "order" })) as UUID[];
      for (const stream of streams) {
        while (!isSettled(await order(String(stream)))) await delay(POLL_MS);
      }
      while (!isQuiet()) await delay(POLL_MS);
    },
    async close() {
      for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
    },
  };
}
