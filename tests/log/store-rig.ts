import { randomUUID } from "node:crypto";
import { pino } from "pino";
import type { MongoConnection } from "../../log/index.ts";
import {
  connectMongo,
  createMongoEventStore,
  GENESIS_HASH,
  lastVersion,
  partitionOf,
  prepareLog,
  sealCommit,
} from "../../log/index.ts";
import type { Commit, EventStore } from "../../log/index.ts";
import { disposeLater, testDatabase } from "../support/servers.ts";

export const silent = pino({ level: "silent" });

/** A deadline that no test means to reach. */
export const soon = (): number => Date.now() + 30_000;

export interface StoreRig extends MongoConnection {
  readonly store: EventStore;
}

/** A store of the code's own making on a fresh database of the shared mongod. */
export async function storeRig(): Promise<StoreRig> {
  const { url, name } = await testDatabase();
  return openStore(url, name);
}

/** A further process, as far as the database can tell: its own connections and queues. */
export async function openStore(url: string, database: string): Promise<StoreRig> {
  const { db, close } = await connectMongo({ url, database });
  disposeLater(close);
  await prepareLog(db);
  return { db, close, store: createMongoEventStore(db) };
}

export interface CommitWishes {
  readonly id?: string;
  readonly payloadHash?: string;
  readonly eventCount?: number;
  readonly data?: object;
  readonly at?: string;
}

/** The commit that follows `previous`, or the first one of a stream. */
export function commitAfter(previous: Commit | string, wishes: CommitWishes = {}): Commit {
  const isFirst = typeof previous === "string";
  const stream = isFirst ? previous : previous.stream;
  return sealCommit(isFirst ? GENESIS_HASH : previous.hash, {
    id: wishes.id ?? randomUUID(),
    stream,
    aggregate: "order",
    version: isFirst ? 1 : lastVersion(previous) + 1,
    partition: partitionOf(stream),
    at: wishes.at ?? new Date().toISOString(),
    meta: {
      subject: "customer-1",
      scope: "customer",
      command: "Write",
      correlationId: "correlation-1",
      payloadHash: wishes.payloadHash ?? "payload-1",
      node: "node-1",
      epoch: 1,
    },
    events: Array.from({ length: wishes.eventCount ?? 1 }, (_, index) => ({
      type: "Written",
      schemaVersion: 1,
      data: wishes.data ?? { index },
    })),
  });
}

/** So many commits of one stream, each after the one before. */
export function chainOf(length: number, start: Commit | string = randomUUID()): Commit[] {
  const chain: Commit[] = [];
  let previous = start;
  for (let count = 0; count < length; count += 1) {
    previous = commitAfter(previous);
    chain.push(previous);
  }
  return chain;
}

/** The item at an index that is there, or the test is wrong. */
export function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items.at(index);
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  return item;
}
