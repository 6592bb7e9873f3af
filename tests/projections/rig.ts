import type { Db } from "mongodb";
import { pino } from "pino";
import { createCheckpoints, createMongoEventStore, prepareLog } from "../../log/index.ts";
import type { Checkpoints, Commit, EventStore, Tail } from "../../log/index.ts";
import type { Projection, ViewDocument } from "../../projections/document.ts";
import { createRunner, type Runner } from "../../projections/runner.ts";
import { disposeLater, testDatabase } from "../support/servers.ts";

/** Says nothing; LOG_LEVEL makes it talk while a test is being written. */
export const logger = pino({ level: process.env["LOG_LEVEL"] ?? "silent" });

/** A database with a log in it. */
export interface Rig {
  readonly db: Db;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  /** Puts commits into the log; those of one entity in order. */
  append(commits: readonly Commit[]): Promise<void>;
  /** A projector that ends with the test. */
  run(projection: Projection, tail: Tail): Runner;
}

export async function openRig(db?: Db): Promise<Rig> {
  const database = db ?? (await testDatabase()).db;
  await prepareLog(database);
  const store = createMongoEventStore(database);
  const checkpoints = createCheckpoints(database);
  return {
    db: database,
    store,
    checkpoints,
    append: (commits) => appendAll(store, commits),
    run(projection, tail) {
      const runner = createRunner({ projection, db: database, store, tail, checkpoints, logger });
      disposeLater(() => runner.close());
      return runner;
    },
  };
}

/** Puts commits into a log; those of one entity in order. */
export async function appendAll(
  store: Pick<EventStore, "append">,
  commits: readonly Commit[],
): Promise<void> {
  const streams = new Map<string, Promise<void>>();
  for (const commit of commits) {
    const before = streams.get(commit.stream) ?? Promise.resolve();
    streams.set(
      commit.stream,
      before.then(async () => {
        const result = await store.append(commit, Date.now() + 30_000);
        if (result.kind !== "landed") throw new Error(`${commit.id} is ${result.kind}`);
      }),
    );
  }
  await Promise.all(streams.values());
}

/** The rows of a read collection as bytes, by id. */
export async function rowBytes(db: Db, name: string): Promise<Map<string, string>> {
  const rows = await db.collection(name).find({}, { raw: true }).sort({ _id: 1 }).toArray();
  const decoded = await db.collection<ViewDocument>(name).find().sort({ _id: 1 }).toArray();
  return new Map(
    rows.map((row, index) => [
      String(decoded[index]?._id),
      Buffer.from(row as unknown as Uint8Array).toString("hex"),
    ]),
  );
}
