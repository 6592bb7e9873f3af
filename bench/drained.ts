import type { Db, UUID } from "mongodb";
import { connect } from "nats";
import type { EventStore } from "../log/index.ts";
import { EVT_STREAM } from "../log/index.ts";
import type { AggregateName } from "../machines/index.ts";
import type { Answered, WaitForView } from "./system.ts";

const POLL_MS = 20;
const VIEW_TIME_MAX_MS = 60_000;
const FIND_SIZE = 1_000;

interface Readers {
  readonly db: Db;
  readonly natsUrl: string;
  readonly waitForView: WaitForView;
  readonly signal: AbortSignal;
}

interface Head {
  readonly _id: UUID;
  readonly aggregate: AggregateName;
  readonly version: number;
}

/** Says whether everything that was written has reached every reader. */
export interface Drain {
  /** Waits until the relay and the read models have all of it; resolves with the milliseconds. */
  wait(): Promise<number>;
  close(): Promise<void>;
}

/** Counts for itself, in MongoDB and JetStream, and asks no room how far it believes to be. */
export async function createDrain(readers: Readers): Promise<Drain> {
  const { db, natsUrl, waitForView, signal } = readers;
  const nats = await connect({ servers: natsUrl.replace(/^nats:\/\//, "") });
  const jsm = await nats.jetstreamManager();
  const events = db.collection("events");

  const isRelayed = async (): Promise<boolean> => {
    const sum = { $group: { _id: null, all: { $sum: "$n" } } };
    const [total] = await events.aggregate<{ all: number }>([sum]).toArray();
    const { state } = await jsm.streams.info(EVT_STREAM);
    return state.messages === (total?.all ?? 0);
  };
  const waitForViews = async (): Promise<void> => {
    const version = { $max: { $add: ["$v", "$n", -1] } };
    const head = { $group: { _id: "$s", aggregate: { $first: "$t" }, version } };
    const heads = await events.aggregate<Head>([head]).toArray();
    const deadline = Date.now() + VIEW_TIME_MAX_MS;
    const seen = await Promise.all(
      heads.map(({ _id, ...one }) => waitForView({ id: _id.toString(), ...one }, deadline)),
    );
    if (seen.includes(false)) throw new Error("a read model has not caught up");
  };
  return {
    async wait() {
      const start = performance.now();
      while (!(await isRelayed())) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      await waitForViews();
      return performance.now() - start;
    },
    close: () => nats.close(),
  };
}

/** Throws unless the store has every command that was answered; resolves with their number. */
export async function findAnswered(store: EventStore, answered: Answered): Promise<number> {
  for (let start = 0; start < answered.length; start += FIND_SIZE) {
    const asked = answered.slice(start, start + FIND_SIZE);
    const found = await store.find(asked);
    const lost = asked.find((id) => !found.has(id));
    if (lost !== undefined) throw new Error(`command ${lost} was answered and is not in the store`);
  }
  return answered.length;
}
