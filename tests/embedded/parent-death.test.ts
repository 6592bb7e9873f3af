import { mkdir, symlink } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { expect, test } from "vitest";
import { describeProcess } from "../../embedded/process-info.ts";
import { eventually, testFolder } from "../support/servers.ts";
import { startParent, type ParentProcess } from "./parent-process.ts";
import { serverKinds } from "./start-options.ts";

test("kill -9 of the parent takes the servers along, and their data are free at once", async () => {
  const dataDir = await testFolder();
  const parent = await startParent(dataDir);
  const client = new MongoClient(parent.mongod.url);
  await client
    .db("test")
    .collection("things")
    .insertOne({}, { writeConcern: { w: "majority" } });
  await client.close();
  await parent.kill();
  const [mongodKind, natsKind] = serverKinds;
  const [mongod] = await Promise.all([mongodKind.start({ dataDir }), natsKind.start({ dataDir })]);
  const again = new MongoClient(mongod.url);
  expect(await again.db("test").collection("things").countDocuments()).toBe(1);
  await again.close();
  await expectGone(parent);
});

test("kill -9 of the parent takes the servers along where there is no setpriv", async () => {
  const path = await folderWith(["sh", "cat"]);
  const parent = await startParent(await testFolder(), { PATH: path });
  await parent.kill();
  await expectGone(parent);
});

test("Ctrl-C reaches the parent only, so that it can drain before its servers stop", async () => {
  const parent = await startParent(await testFolder());
  parent.signalGroup("SIGINT");
  const client = new MongoClient(parent.mongod.url);
  await client
    .db("test")
    .collection("things")
    .insertOne({}, { writeConcern: { w: "majority" } });
  await client.close();
  expect(await describeProcess(parent.nats.pid)).toBeDefined();
});

test("a second process on held data names the first", async () => {
  const dataDir = await testFolder();
  const parent = await startParent(dataDir);
  for (const { start } of serverKinds) {
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: "DATA_LOCKED",
      message: expect.stringContaining(`process ${parent.pid} (${process.execPath}`) as string,
    });
  }
});

async function expectGone(parent: ParentProcess): Promise<void> {
  for (const { pid } of [parent.mongod, parent.nats]) {
    await eventually(async () => (await describeProcess(pid)) === undefined, {
      description: `process ${pid} is gone`,
    });
  }
}

/** A folder for PATH that holds these programs of the system only. */
async function folderWith(programs: string[]): Promise<string> {
  const folder = join(await testFolder(), "bin");
  await mkdir(folder);
  for (const program of programs) {
    const path = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
    await symlink(path, join(folder, program));
  }
  return folder;
}
