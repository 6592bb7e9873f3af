import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { MongoClient } from "mongodb";
import type { Document } from "mongodb";
import { connect } from "nats";
import type { ConnectionOptions, NatsConnection } from "nats";
import { defaultCacheDir, findMongod, findNatsServer } from "../../embedded/index.ts";
import { disposeLater, eventually, testFolder, testMongod } from "../support/servers.ts";

const deploy = (file: string): string => join(import.meta.dirname, "../../deploy", file);
const quietly = { cacheDir: defaultCacheDir(), report: () => undefined };

/** Every user of deploy/ has this password in the tests. */
export const PASSWORD = "of-the-tests";

/** A mongod that wants a password, with the user of deploy/mongodb-users.js. */
export async function guardedMongod(): Promise<{ url: string; admin: MongoClient }> {
  const open = await testMongod();
  const client = await MongoClient.connect(open.url);
  const root = { createUser: "root", pwd: PASSWORD, roles: ["root"] };
  await client.db("admin").command(root);
  for (const { on, command } of usersScript()) await client.db(on).command(command);
  await client.close();
  await open.stop();

  const keyFile = join(await testFolder(), "key");
  await writeFile(keyFile, "a2V5IG9mIHRoZSB0ZXN0cw==", { mode: 0o600 });
  const { path } = await findMongod({ ...quietly, ...binaryOf("MONGOD_BIN") });
  const args = ["--auth", "--keyFile", keyFile, "--replSet", "statecart", "--bind_ip", "127.0.0.1"];
  const where = ["--port", String(open.port), "--dbpath", join(open.dataDir, "mongod")];
  run(path, [...args, ...where, "--nounixsocket", "--quiet", "--wiredTigerCacheSizeGB", "0.25"]);
  const place = `127.0.0.1:${String(open.port)}/?directConnection=true&authSource=admin`;
  const admin = new MongoClient(`mongodb://root:${PASSWORD}@${place}`, {
    serverSelectionTimeoutMS: 60_000,
  });
  disposeLater(() => admin.close());
  const isPrimary = async (): Promise<boolean> => {
    const hello = await admin.db("admin").command({ hello: 1 });
    return hello["isWritablePrimary"] === true;
  };
  await eventually(isPrimary, { description: "the guarded mongod is primary", timeoutMs: 90_000 });
  return { url: `mongodb://statecart:${PASSWORD}@${place}`, admin };
}

interface SentCommand {
  /** The database. */
  readonly on: string;
  readonly command: Document;
}

/** What deploy/mongodb-users.js changes, as mongosh would run it on these collections. */
export function usersScript(
  rows: Readonly<Record<string, readonly object[]>> = {},
): readonly SentCommand[] {
  const sent: SentCommand[] = [];
  const runOn = (on: string) => (command: Document) => {
    if ("rolesInfo" in command || "usersInfo" in command) return { roles: [], users: [] };
    if ("find" in command) return { cursor: { firstBatch: rows[String(command["find"])] ?? [] } };
    sent.push({ on, command });
    return { ok: 1 };
  };
  runInNewContext(readFileSync(deploy("mongodb-users.js"), "utf8"), {
    db: { getSiblingDB: (name: string) => ({ runCommand: runOn(name) }) },
    print: () => undefined,
    process: { env: { STATECART_MONGODB_PASSWORD: PASSWORD } },
  });
  // As plain objects of this realm, which the driver wants.
  return JSON.parse(JSON.stringify(sent)) as SentCommand[];
}

/** A nats-server with deploy/nats.conf. */
export async function guardedNats(): Promise<{ url: (user: string) => string; port: number }> {
  const { path } = await findNatsServer({ ...quietly, ...binaryOf("NATS_SERVER_BIN") });
  const folder = await testFolder();
  const port = await freePort();
  const args = ["-c", deploy("nats.conf"), "-a", "127.0.0.1", "-p", String(port), "-sd", folder];
  run(path, args, {
    NATS_STATECART_PASSWORD: PASSWORD,
    NATS_ADMIN_PASSWORD: PASSWORD,
    NATS_MAILER_PASSWORD: PASSWORD,
    NATS_WATCHER_PASSWORD: PASSWORD,
  });
  const answers = async (): Promise<boolean> => {
    const admin = await connectAs(port, "admin");
    const manager = await admin.jetstreamManager();
    return (await manager.getAccountInfo()).streams === 0;
  };
  await eventually(answers, { description: "the guarded nats-server answers", pauseMs: 200 });
  return { port, url: (user) => `nats://${user}:${PASSWORD}@127.0.0.1:${String(port)}` };
}

function run(path: string, args: string[], env: Readonly<Record<string, string>> = {}): void {
  const child = spawn(path, args, { stdio: "ignore", env: { ...process.env, ...env } });
  const exited = once(child, "exit");
  disposeLater(async () => {
    child.kill("SIGKILL");
    await exited;
  });
}

function binaryOf(variable: string): { binary?: string } {
  const binary = process.env[variable];
  return binary === undefined || binary === "" ? {} : { binary };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** A connection as one of the users; closed with the test. */
export async function connectAs(
  port: number,
  user: string,
  more: ConnectionOptions = {},
): Promise<NatsConnection> {
  const servers = `127.0.0.1:${String(port)}`;
  const connection = await connect({ servers, user, pass: PASSWORD, reconnect: false, ...more });
  disposeLater(() => connection.close());
  return connection;
}
