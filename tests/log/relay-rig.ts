import { setTimeout as delay } from "node:timers/promises";
import type { NatsConnection } from "nats";
import { expect } from "vitest";
import {
  createCheckpoints,
  createMongoEventStore,
  createRelay,
  createTail,
  prepareLog,
} from "../../log/index.ts";
import type { Checkpoints, EventStore, MongoTail, Relay } from "../../log/index.ts";
import { disposeLater, eventually, testDatabase } from "../support/servers.ts";
import type { TestDatabase } from "../support/servers.ts";
import { disorder, publishedIds, storedIds } from "./history-rig.ts";
import { quiet } from "./nats-rig.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const STREAM_SIZE_BYTES = 64 * 1024 * 1024;

/** A database of one test with what the relay needs of it. */
export interface RelayRig {
  readonly database: TestDatabase;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  /** A started relay that ends with the test; it holds its lease whoever else does. */
  relay(nats: NatsConnection, options?: RelayRigOptions): Relay;
  /** Waits until the stream has as many events as MongoDB, then compares them. */
  expectLevel(nats: NatsConnection): Promise<void>;
}

export interface RelayRigOptions {
  readonly maxAgeMs?: number;
  /** Changes the tokens that the relay reads and puts into the stream. */
  readonly changeToken?: (token: string) => string;
  /** Whether it hears of nothing just now. */
  readonly isDeaf?: () => boolean;
}

export async function startRelayRig(): Promise<RelayRig> {
  const database = await testDatabase();
  const { db } = database;
  await prepareLog(db);
  const store = createMongoEventStore(db);
  const tail = createTail(db, { logger: quiet });
  const checkpoints = createCheckpoints(db);
  disposeLater(() => tail.close());
  return {
    database,
    store,
    checkpoints,
    relay(nats, { maxAgeMs = DAY_MS, changeToken = same, isDeaf } = {}) {
      const heard = withTokens(tail, changeToken);
      const relay = createRelay({
        nats,
        store,
        tail: isDeaf === undefined ? heard : deaf(heard, isDeaf),
        checkpoints,
        leases: alwaysHeld,
        limits: { maxAgeMs, maxBytes: STREAM_SIZE_BYTES },
        logger: quiet,
      });
      disposeLater(() => relay.stop());
      relay.start();
      return relay;
    },
    async expectLevel(nats) {
      const expected = await storedIds(db);
      await eventually(async () => (await messagesIn(nats)) >= expected.length, {
        description: "the stream has as many messages as MongoDB has events",
      });
      const published = await publishedIds(nats);
      expect(disorder(published)).toEqual([]);
      expect([...published].sort()).toEqual(expected);
    },
  };
}

/** How many messages the stream holds now; 0 when it is not there. */
export async function messagesIn(nats: NatsConnection): Promise<number> {
  const manager = await nats.jetstreamManager({ checkAPI: false, timeout: 1_000 });
  return (await manager.streams.info("EVT").catch(() => null))?.state.messages ?? 0;
}

function withTokens(tail: MongoTail, change: (token: string) => string): MongoTail {
  return {
    ...tail,
    async *read(from, options) {
      for await (const batch of tail.read(from, options)) {
        const commits = batch.commits.map(({ commit, position: { token, time } }) => ({
          commit,
          position: { token: token === null ? null : change(token), time },
        }));
        yield { ...batch, commits };
      }
    },
  };
}

const same = (token: string): string => token;

function deaf(tail: MongoTail, isDeaf: () => boolean): MongoTail {
  return {
    ...tail,
    async *read(from, options) {
      for await (const batch of tail.read(from, options)) {
        while (isDeaf() && !options.signal.aborted) await delay(20);
        yield batch;
      }
    },
  };
}

/** Not a lease at all: the chain alone must keep two relays apart. */
const alwaysHeld = {
  hold: async (
    _name: string,
    options: {
      readonly signal: AbortSignal;
      readonly onHeld: (epoch: number, lost: AbortSignal) => Promise<void>;
    },
  ) => options.onHeld(1, new AbortController().signal),
};
