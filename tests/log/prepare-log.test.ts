import { randomUUID } from "node:crypto";
import type { Document } from "mongodb";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { connectMongo, createMongoEventStore, prepareLog } from "../../log/index.ts";
import { eventually, testDatabase, testMongod } from "../support/servers.ts";
import { commitAfter, nth, soon, storeRig } from "./store-rig.ts";
import type { StoreRig } from "./store-rig.ts";

let rig: StoreRig;

beforeAll(async () => {
  rig = await storeRig();
});

describe("prepareLog", () => {
  it("makes a collection with three indexes, also when many processes start at once", async () => {
    const { db } = await testDatabase();
    await Promise.all(Array.from({ length: 8 }, () => prepareLog(db)));
    await prepareLog(db);
    const indexes = await db.collection("events").indexes();
    expect(indexes.map(({ key, unique = false }) => ({ key, unique }))).toEqual([
      { key: { _id: 1 }, unique: false },
      { key: { s: 1, v: 1 }, unique: true },
      { key: { p: 1, ts: 1 }, unique: false },
    ]);
  });

  it("brings an older validator up to date", async () => {
    const { db } = await testDatabase();
    await db.createCollection("events", { validator: { older: true } });
    await prepareLog(db);
    const store = createMongoEventStore(db);
    expect(await store.append(commitAfter(randomUUID()), soon())).toEqual({ kind: "landed" });
    await expect(db.collection("events").insertOne({ older: true })).rejects.toThrow(/validation/);
  });

  it("names indexes that it cannot work with", async () => {
    const { db } = await testDatabase();
    await db.collection("events").createIndexes([{ key: { s: 1, v: 1 }, name: "stream_version" }]);
    await expect(prepareLog(db)).rejects.toMatchObject({ code: "LOG_INCOMPATIBLE" });
  });

  it("names a server that is away", async () => {
    const mongod = await testMongod();
    const { db, close } = await connectMongo({ url: mongod.url, database: "prepare" });
    await mongod.kill();
    await eventually(async () => {
      await expect(prepareLog(db)).rejects.toMatchObject({ code: "MONGODB_UNREACHABLE" });
      return true;
    });
    await close();
  });
});

describe("connectMongo", () => {
  it.each([
    ["mongodb://127.0.0.1:1", "MONGODB_UNREACHABLE"],
    ["http://127.0.0.1", "MONGODB_URL_INVALID"],
    ["", "MONGODB_URL_INVALID"],
  ])("answers %s with %s", async (url, code) => {
    await expect(connectMongo({ url, database: "none" })).rejects.toMatchObject({ code });
  });

  it("does not repeat a password that an unreadable address holds", async () => {
    const failure = connectMongo({ url: "mongodb:/me:secret@host", database: "none" });
    await expect(failure).rejects.toSatisfy((error) => !String(error).includes("secret"));
  });

  it("names a refused user", async () => {
    const url = inject("mongodbUrl").replace("mongodb://", "mongodb://nobody:wrong@");
    const failure = connectMongo({ url, database: "none" });
    await expect(failure).rejects.toMatchObject({ code: "MONGODB_UNAUTHORIZED" });
  });
});

describe("the validator", () => {
  const changes: Record<string, Document> = {
    "an unknown field": { $set: { extra: 1 } },
    "no stream": { $unset: { s: "" } },
    "a stream that is text": { $set: { s: "order-1" } },
    "version 0": { $set: { v: 0n } },
    "a version that is no long": { $set: { v: 3 } },
    "no events": { $set: { ev: [] } },
    "events that are no list": { $set: { ev: "none" } },
    "another count than events": { $set: { n: 2 } },
    "an event without type": { $unset: { "ev.0.t": "" } },
    "partition 64": { $set: { p: 64 } },
    "a date that is text": { $set: { at: "2026-01-01" } },
    "no hash": { $unset: { "m.h": "" } },
    "an unknown field in m": { $set: { "m.extra": 1 } },
  };

  it.each(Object.entries(changes))("refuses %s", async (_, change) => {
    const commit = commitAfter(randomUUID());
    await rig.store.append(commit, soon());
    const events = rig.db.collection("events");
    const document = nth(await events.find({ "m.h": commit.hash }).toArray(), 0);
    await expect(events.updateOne({ _id: document._id }, change)).rejects.toMatchObject({
      code: 121,
    });
  });
});
