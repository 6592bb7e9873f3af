import { mkdtemp, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { MongoClient, type Db, type MongoClientOptions } from "mongodb";
import { inject } from "vitest";
import {
  defaultCacheDir,
  startMongod,
  startNatsServer,
  type LocalServer,
  type StartOptions,
} from "../../embedded/index.ts";
import { disposeLater } from "./disposal.ts";
import { mongodTestArgs } from "./mongod-test-args.ts";

export { disposeLater } from "./disposal.ts";
export { eventually } from "./eventually.ts";

export type TestDatabase = {
  url: string;
  name: string;
  client: MongoClient;
  db: Db;
  drop(): Promise<void>;
};

/** An empty database with a name of its own on the mongod all tests share; dropped by itself. */
export async function testDatabase(options: MongoClientOptions = {}): Promise<TestDatabase> {
  const url = inject("mongodbUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const client = new MongoClient(url, options);
  await client.connect();
  const db = client.db(name);
  let dropping: Promise<void> | undefined;
  const drop = () => (dropping ??= db.dropDatabase().then(() => client.close()));
  disposeLater(drop);
  return { url, name, client, db, drop };
}

/** A server that a test may stop, kill and start again; the fields tell of the running process. */
export type TestServer = LocalServer & {
  dataDir: string;
  /** Starts again on the same port and data, after stopping it if it still runs. */
  restart(): Promise<void>;
  /** Stops, forgets all data, starts again on the same port. */
  wipe(): Promise<void>;
};

export type TestServerOptions = { extraArgs?: string[] };

/** A mongod of this test's own, in a folder of its own; ended and removed by itself. */
export async function testMongod(options: TestServerOptions = {}): Promise<TestServer> {
  const extraArgs = mongodTestArgs(options.extraArgs);
  return testServer(startMongod, { extraArgs, ...givenBinary("MONGOD_BIN") });
}

/** A nats-server of this test's own, in a folder of its own; ended and removed by itself. */
export async function testNats(options: TestServerOptions = {}): Promise<TestServer> {
  return testServer(startNatsServer, {
    extraArgs: options.extraArgs ?? [],
    ...givenBinary("NATS_SERVER_BIN"),
  });
}

/** An empty folder that is removed by itself. */
export async function testFolder(): Promise<string> {
  const path = await mkdtemp(join(inject("tempRoot"), "folder-"));
  disposeLater(() => rm(path, { recursive: true, force: true }));
  return path;
}

type Start = (options: StartOptions) => Promise<LocalServer>;

async function testServer(
  start: Start,
  options: Pick<StartOptions, "binary" | "extraArgs">,
): Promise<TestServer> {
  const dataDir = await testFolder();
  const startAgain = (port: number) =>
    start({ ...options, dataDir, port, cacheDir: defaultCacheDir(), report: () => undefined });
  let current = await startAgain(0);
  const { url, port } = current;
  disposeLater(() => current.kill());
  const restart = async () => {
    await current.stop();
    current = await startAgain(port);
  };
  const wipe = async () => {
    await current.kill();
    await rm(dataDir, { recursive: true, force: true });
    current = await startAgain(port);
  };
  return {
    url,
    port,
    dataDir,
    get pid() {
      return current.pid;
    },
    get exited() {
      return current.exited;
    },
    stop: () => current.stop(),
    kill: () => current.kill(),
    restart,
    wipe,
  };
}

function givenBinary(variable: string): { binary?: string } {
  const binary = process.env[variable];
  return binary === undefined || binary === "" ? {} : { binary };
}
