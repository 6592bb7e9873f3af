import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { MongoClient } from "mongodb";
import { connect } from "nats";
import {
  defaultCacheDir,
  findMongod,
  findNatsServer,
  type FoundBinary,
} from "../../embedded/index.ts";
import { disposeLater, eventually, testFolder } from "../support/servers.ts";

const where = { cacheDir: defaultCacheDir(), report: () => undefined };

/** A mongod that was started without a replica set; resolves with its URL. */
export async function standaloneMongod(): Promise<string> {
  const port = await freePort();
  const dbpath = await testFolder();
  const args = ["--dbpath", dbpath, "--port", String(port), "--nounixsocket"];
  await run(await findMongod(where), args);
  const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  await eventually(async () => {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 500 });
    try {
      return (await client.db("admin").command({ ping: 1 }))["ok"] === 1;
    } finally {
      await client.close();
    }
  });
  return url;
}

/** A nats-server that was started without -js; resolves with its URL. */
export async function serverWithoutJetStream(): Promise<string> {
  const port = await freePort();
  await run(await findNatsServer(where), ["--addr", "127.0.0.1", "--port", String(port)]);
  await eventually(async () => {
    const connection = await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
    await connection.close();
    return true;
  });
  return `nats://127.0.0.1:${port}`;
}

async function run(binary: FoundBinary, args: readonly string[]): Promise<void> {
  const child = spawn(binary.path, args, { stdio: "ignore" });
  await once(child, "spawn");
  disposeLater(async () => {
    const exit = once(child, "exit");
    if (child.kill("SIGKILL")) await exit;
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
