import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { describe, expect, test } from "vitest";
import { defaultCacheDir, findMongod } from "../../embedded/index.ts";
import { describeProcess } from "../../embedded/process-info.ts";
import { disposeLater, eventually, testFolder } from "../support/servers.ts";
import { serverKinds } from "./start-options.ts";

describe.each(serverKinds)("$name", ({ name, start }) => {
  test("is gone after a stop, and its data are free", async () => {
    const dataDir = await testFolder();
    const server = await start({ dataDir });
    await server.stop();
    await server.exited;
    expect(await describeProcess(server.pid)).toBeUndefined();
    expect(await readdir(dataDir)).not.toContain(`${name}.lock`);
  });

  test("starts again on the port that its data had", async () => {
    const dataDir = await testFolder();
    const first = await start({ dataDir });
    await first.stop();
    const second = await start({ dataDir });
    expect(second.port).toBe(first.port);
    expect(second.url).toBe(first.url);
  });

  test("moves to another port when the port of its data is taken, and says by whom", async () => {
    const dataDir = await testFolder();
    const first = await start({ dataDir });
    await first.kill();
    await occupy(first.port);
    const lines: string[] = [];
    const second = await start({ dataDir, report: (line) => lines.push(line) });
    expect(second.port).not.toBe(first.port);
    expect(lines.join("\n")).toContain(`port ${first.port} is taken by process ${process.pid} (`);
  });

  test("refuses a port that is taken and names who holds it", async () => {
    const dataDir = await testFolder();
    const port = await occupy(0);
    await expect(start({ dataDir, port })).rejects.toMatchObject({
      code: "PORT_IN_USE",
      message: expect.stringContaining(`Port ${port} for ${name} is taken by process`) as string,
    });
    await start({ dataDir });
  });

  test("refuses data that are in use and names who holds them", async () => {
    const dataDir = await testFolder();
    const holder = await start({ dataDir });
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: "DATA_LOCKED",
      message: expect.stringContaining(`in use by process ${process.pid} (`) as string,
    });
    expect(await describeProcess(holder.pid)).toBeDefined();
  });

  test("refuses an argument it does not know and quotes what the server says", async () => {
    const dataDir = await testFolder();
    await expect(start({ dataDir, extraArgs: ["--no-such-thing"] })).rejects.toMatchObject({
      code: "START_FAILED",
      message: expect.stringContaining("no-such-thing") as string,
    });
    await start({ dataDir });
  });

  test("starts many at once, each on a port of its own", async () => {
    const folders = await Promise.all(Array.from({ length: 4 }, () => testFolder()));
    const servers = await Promise.all(folders.map((dataDir) => start({ dataDir })));
    expect(new Set(servers.map((server) => server.port)).size).toBe(4);
  });
});

const mongod = serverKinds[0];

test("mongod takes writes on its old data after it moved to another port", async () => {
  const dataDir = await testFolder();
  const first = await mongod.start({ dataDir });
  await write(first.url);
  await first.kill();
  await occupy(first.port);
  const second = await mongod.start({ dataDir });
  expect(await write(second.url)).toBe(2);
  await second.stop();
  const third = await mongod.start({ dataDir });
  expect(third.port).toBe(second.port);
  expect(await write(third.url)).toBe(3);
});

test("mongod data that a foreign mongod holds are refused, and that one is named", async () => {
  const dataDir = await testFolder();
  await (await mongod.start({ dataDir })).stop();
  const { path } = await findMongod({
    cacheDir: defaultCacheDir(),
    report: () => undefined,
    ...(process.env["MONGOD_BIN"] && { binary: process.env["MONGOD_BIN"] }),
  });
  const storePath = join(dataDir, "mongod");
  const args = ["--dbpath", storePath, "--port", "0", "--nounixsocket", "--bind_ip", "127.0.0.1"];
  const foreign = spawn(path, args, { stdio: "ignore" });
  disposeLater(async () => {
    if (foreign.exitCode === null && foreign.kill("SIGKILL")) await once(foreign, "exit");
  });
  const lockPath = join(storePath, "mongod.lock");
  await eventually(async () => (await describeLock(lockPath)) === String(foreign.pid));
  await expect(mongod.start({ dataDir })).rejects.toMatchObject({
    code: "DATA_LOCKED",
    message: expect.stringContaining(`process ${foreign.pid ?? 0} (${path} --dbpath`) as string,
  });
});

async function describeLock(path: string): Promise<string> {
  return (await readFile(path, "utf8")).trim();
}

/** Adds a document and answers how many there are. */
async function write(url: string): Promise<number> {
  const client = new MongoClient(url);
  try {
    const things = client.db("test").collection("things");
    await things.insertOne({}, { writeConcern: { w: "majority" } });
    return await things.countDocuments();
  } finally {
    await client.close();
  }
}

/** Listens on a port of loopback until the test ends, and hangs up on whoever connects. */
async function occupy(port: number): Promise<number> {
  const server: Server = createServer((socket) => socket.destroy()).listen({
    host: "127.0.0.1",
    port,
  });
  await once(server, "listening");
  disposeLater(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
