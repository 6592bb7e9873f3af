import { connect } from "nats";
import { MongoClient } from "mongodb";
import { access } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually, testDatabase, testFolder, testMongod, testNats } from "../support/servers.ts";

test("a test database takes writes and serves change streams", async () => {
  const { db } = await testDatabase();
  const changes = db.collection("things").watch();
  const next = changes.next();
  await db.collection("things").insertOne({ name: "one" });
  expect(await next).toMatchObject({ fullDocument: { name: "one" } });
  await changes.close();
});

test("a test mongod keeps its data over a kill", async () => {
  const server = await testMongod();
  const client = new MongoClient(server.url);
  const things = client.db("test").collection("things");
  await things.insertOne({ name: "one" }, { writeConcern: { w: "majority" } });
  const pid = server.pid;
  await server.kill();
  await server.restart();
  expect(server.pid).not.toBe(pid);
  expect(await things.countDocuments()).toBe(1);
  await client.close();
});

test("a test nats-server keeps its streams over a restart and loses them when wiped", async () => {
  const server = await testNats();
  const streamNames = async () => {
    const connection = await connect({ servers: server.url });
    const jetstream = await connection.jetstreamManager();
    const names = await jetstream.streams.names().next();
    await connection.close();
    return names;
  };
  const connection = await connect({ servers: server.url });
  const jetstream = await connection.jetstreamManager();
  await jetstream.streams.add({ name: "T", subjects: ["t.>"] });
  await server.restart();
  await eventually(async () => (await streamNames()).includes("T"));
  await server.wipe();
  expect(await streamNames()).toEqual([]);
  await connection.close();
});

test("a test mongod may have another oplog than the rest", async () => {
  const server = await testMongod({ extraArgs: ["--oplogSize", "990"] });
  const client = new MongoClient(server.url);
  const stats = await client.db("local").command({ collStats: "oplog.rs" });
  await client.close();
  expect(stats["maxSize"]).toBe(990 * 1024 * 1024);
});

describe("what a hook opens", () => {
  const folders = { ofAll: "", ofEach: [] as string[] };
  const exists = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  beforeAll(async () => {
    folders.ofAll = await testFolder();
  });

  beforeEach(async () => {
    folders.ofEach.push(await testFolder());
  });

  afterAll(async () => {
    expect(folders.ofEach).toHaveLength(2);
    expect(await exists(folders.ofAll)).toBe(true);
  });

  test.each([1, 2])("lasts as long as the hook is for (%i)", async () => {
    expect(await exists(folders.ofAll)).toBe(true);
    const newest = folders.ofEach.length - 1;
    const isThere = await Promise.all(folders.ofEach.map(exists));
    expect(isThere).toEqual(folders.ofEach.map((_, index) => index === newest));
  });
});

test("an awaited condition that does not come true fails with its description", async () => {
  const never = eventually(() => false, { description: "pigs fly", timeoutMs: 1 });
  await expect(never).rejects.toThrow("not within 1 ms: pigs fly");
});
