import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MongoClient } from "mongodb";
import type { Db } from "mongodb";
import { AckPolicy, connect, StringCodec } from "nats";
import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../config.ts";
import { startStatecart } from "../../statecart.ts";
import type { Statecart } from "../../statecart.ts";
import { post } from "../support/graphql.ts";
import { program } from "../support/programs.ts";
import { disposeLater, eventually, testFolder } from "../support/servers.ts";
import { connectAs, guardedMongod, guardedNats, PASSWORD, usersScript } from "./guarded-servers.ts";

let mongod: Awaited<ReturnType<typeof guardedMongod>>;
let nats: Awaited<ReturnType<typeof guardedNats>>;
let statecart: Statecart;
let dataDir: string;
/** What Statecart logged as a warning or worse. */
const complaints: string[] = [];

beforeAll(async () => {
  [mongod, nats] = await Promise.all([guardedMongod(), guardedNats()]);
  dataDir = await testFolder();
  const args = ["--port", "0", "--data-dir", dataDir, "--seed", "true"];
  const urls = ["--mongodb-url", mongod.url, "--nats-url", nats.url("statecart")];
  const { config } = readConfig([...args, ...urls], {});
  const logger = pino({ level: "warn" }, { write: (line: string) => void complaints.push(line) });
  statecart = await startStatecart(config, { logger, report: () => undefined });
  disposeLater(() => statecart.close());
});

const explicitly = { ack_policy: AckPolicy.Explicit };
const order = `mutation { createOrder(input: {
  currency: "EUR", items: [{ sku: "TEA-EARL-GREY", quantity: 1 }], consistency: SETTLED
  personal: {
    contact: { name: "Ada", email: "ada@example.com" }
    shippingAddress: {
      name: "Ada", line1: "1 Road", city: "Ely", postalCode: "CB7 4AA", country: "GB"
    }
  }
}) { order { id status } errors { code message } } }`;

describe("with the users of deploy/", () => {
  test("Statecart takes an order, and a subscriber gets its event", async () => {
    const admin = await connectAs(nats.port, "admin");
    const manager = await admin.jetstreamManager();
    const filter_subject = "evt.order.*.*.OrderCreated";
    await manager.consumers.add("EVT", { durable_name: "mailer", filter_subject, ...explicitly });
    const answer = await post(statecart.running.graphql, statecart.running.tokens?.customer ?? "", {
      query: order,
    });
    expect(answer).toMatchObject({ data: { createOrder: { errors: [] } } });
    const mailer = await connectAs(nats.port, "mailer", { inboxPrefix: "_INBOX_mailer" });
    const consumer = await mailer.jetstream().consumers.get("EVT", "mailer");
    const message = await consumer.next({ expires: 20_000 });
    expect(message?.json()).toMatchObject({ type: expect.stringContaining("OrderCreated") });
    expect(await message?.ackAck()).toBe(true);
  });

  test("Statecart is refused nothing that it needs", async () => {
    const { db } = statecart;
    await eventually(async () => (await db.collection("checkpoints").countDocuments({})) > 0);
    expect(complaints.filter((line) => /not authorized|permission/i.test(line))).toEqual([]);
  });
});

test("the role reaches the read collections of every generation, one being built included", () => {
  const generations = [{ suffix: "" }, { suffix: "_r1" }];
  const retired = [{ suffix: "_r0" }];
  const model = { _id: "orders", generations, retired, rebuild: { suffix: "_r2" } };
  const granted = grantedIn(usersScript({ read_models: [model] }));
  expect(granted).toEqual(
    expect.arrayContaining(["orders", "orders_r0", "orders_r1", "orders_r2"]),
  );
});

function grantedIn(sent: ReturnType<typeof usersScript>): string[] {
  const role = sent.find(({ command }) => "privileges" in command)?.command as
    { privileges: { resource: { collection: string } }[] } | undefined;
  return (role?.privileges ?? []).map(({ resource }) => resource.collection);
}

test("the role keeps ten names for rebuilds, and those that were taken lately", () => {
  const taken = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  const reserved_generations = [
    { _id: "_rfree", taken: null },
    { _id: "_rlately", taken: taken(1) },
    { _id: "_rlong", taken: taken(25) },
  ];
  const sent = usersScript({ reserved_generations });
  const added = sent.flatMap(({ command }) =>
    "insert" in command ? (command["documents"] as { _id: string; taken: null }[]) : [],
  );
  expect(added).toHaveLength(9);
  for (const { _id } of added) expect(_id).toMatch(/^_r[0-9a-z]+$/);
  expect(sent.at(-1)?.command).toMatchObject({ deletes: [{ q: { _id: "_rlong" } }] });
  const granted = grantedIn(sent);
  for (const suffix of ["_rfree", "_rlately", ...added.map(({ _id }) => _id)]) {
    const names = ["orders", "order_days", "order_stays", "revenue", "products"];
    expect(granted).toEqual(expect.arrayContaining(names.map((name) => name + suffix)));
  }
  expect(granted).not.toContain("orders_rlong");
});

describe("a rebuild as Statecart's user", () => {
  const rebuild = (name: string, env: Readonly<Record<string, string>> = {}) =>
    promisify(execFile)(process.execPath, [program("rebuild"), name], {
      env: { ...process.env, MONGODB_URL: mongod.url, DATA_DIR: dataDir, ...env },
    }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      (error: unknown) => {
        const { code, stderr } = error as { readonly code: number; readonly stderr: string };
        return { code, text: stderr };
      },
    );
  const servedSuffix = async (name: string): Promise<string | undefined> => {
    const models = statecart.db.collection<{ _id: string; generations: { suffix: string }[] }>(
      "read_models",
    );
    return (await models.findOne({ _id: name }))?.generations.at(-1)?.suffix;
  };
  const ask = async (query: string) => {
    const token = statecart.running.tokens?.operator ?? "";
    return await post<Record<string, { readonly totalCount: number }>>(
      statecart.running.graphql,
      token,
      { query },
    );
  };

  test("takes names that its role knows, and what runs goes on with the new rows", async () => {
    const counts = "{ orders { totalCount } products { totalCount } }";
    const before = await ask(counts);
    for (const name of ["orders", "products"]) {
      const done = await rebuild(name);
      expect(done).toMatchObject({ code: 0, text: expect.stringContaining("the new rows serve") });
      const suffix = await servedSuffix(name);
      const taken = await statecart.db
        .collection<{ _id: string; taken: Date | null }>("reserved_generations")
        .findOne({ _id: suffix ?? "" });
      expect(taken?.taken).toBeInstanceOf(Date);
    }
    expect(await ask(counts)).toEqual(before);
    const customer = statecart.running.tokens?.customer ?? "";
    await post(statecart.running.graphql, customer, { query: order });
    const total = before.data?.["orders"]?.totalCount ?? Number.NaN;
    await eventually(async () => (await ask(counts)).data?.["orders"]?.totalCount === total + 1);
    expect(complaints.filter((line) => /not authorized|permission/i.test(line))).toEqual([]);
  });

  test("says what to do when no name is left, and that its master key is another", async () => {
    const other = { STATECART_MASTER_KEY: Buffer.alloc(32, "another").toString("base64") };
    expect(await rebuild("orders", other)).toMatchObject({ code: 1 });
    const names = mongod.admin.db("statecart").collection("reserved_generations");
    const taken = new Date();
    await names.updateMany({ taken: null }, { $set: { taken } });
    for (let time = 0; time < 2; time += 1) {
      expect(await rebuild("orders")).toMatchObject({
        code: 1,
        text: expect.stringContaining("deploy/mongodb-users.js"),
      });
    }
    await names.updateMany({ taken }, { $set: { taken: null } });
  });
});

describe("MongoDB refuses Statecart's user", () => {
  const events = (db: Db) => db.collection("events");
  const pipe = (db: Db, stage: object) => db.collection("orders").aggregate([stage]).toArray();
  const refused: [string, (db: Db) => Promise<unknown>][] = [
    ["to change an event", (db) => events(db).updateOne({}, { $set: { t: "x" } })],
    ["to replace an event", (db) => events(db).findOneAndReplace({}, { t: "x" })],
    ["to remove an event", (db) => events(db).deleteOne({})],
    ["to remove all events", (db) => events(db).deleteMany({})],
    ["to drop the events", (db) => events(db).drop()],
    ["to rename the events", (db) => events(db).rename("gone")],
    ["to drop an index of the events", (db) => events(db).dropIndex("stream_version")],
    ["to loosen the events' validator", (db) => db.command({ collMod: "events", validator: {} })],
    ["to overwrite the events by $out", (db) => pipe(db, { $out: "events" })],
    ["to merge over the events", (db) => pipe(db, { $merge: { into: "events" } })],
    ["to drop the database", (db) => db.dropDatabase()],
    ["to make a collection of another name", (db) => db.createCollection("mine")],
    ["to make a user", (db) => db.command({ createUser: "x", pwd: "x", roles: [] })],
  ];

  test.each(refused)("%s", async (_what, attempt) => {
    const client = await MongoClient.connect(mongod.url);
    disposeLater(() => client.close());
    const db = client.db("statecart");
    const before = await events(db).countDocuments({});
    expect(before).toBeGreaterThan(0);
    await expect(attempt(db)).rejects.toMatchObject({ code: 13 });
    expect(await events(db).countDocuments({})).toBeGreaterThanOrEqual(before);
  });

  test("to read another database, and a stranger to do anything", async () => {
    const client = await MongoClient.connect(mongod.url);
    disposeLater(() => client.close());
    await expect(client.db("other").collection("x").findOne({})).rejects.toMatchObject({
      code: 13,
    });
    const stranger = await MongoClient.connect(mongod.url.replace(`statecart:${PASSWORD}@`, ""));
    disposeLater(() => stranger.close());
    await expect(events(stranger.db("statecart")).findOne({})).rejects.toMatchObject({ code: 13 });
  });
});

describe("NATS refuses", () => {
  const event = "evt.order.00.5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01.OrderCreated";
  const api = "$JS.API";
  const asMailer = { inboxPrefix: "_INBOX_mailer" };
  const refused: [string, string, object, string][] = [
    ["a subscriber to publish an event", "mailer", asMailer, event],
    ["a subscriber to make a consumer", "mailer", asMailer, `${api}.CONSUMER.CREATE.EVT`],
    [
      "a subscriber to make a durable",
      "mailer",
      asMailer,
      `${api}.CONSUMER.DURABLE.CREATE.EVT.mailer`,
    ],
    ["a subscriber to read as another", "mailer", asMailer, `${api}.CONSUMER.MSG.NEXT.EVT.other`],
    ["a subscriber to remove the stream", "mailer", asMailer, `${api}.STREAM.DELETE.EVT`],
    ["a subscriber to empty the stream", "mailer", asMailer, `${api}.STREAM.PURGE.EVT`],
    ["a subscriber to send a command", "mailer", asMailer, "cmd.order.0"],
    ["an administrator to publish an event", "admin", {}, event],
  ];

  test.each(refused)("%s", async (_what, user, options, subject) => {
    const connection = await connectAs(nats.port, user, options);
    const request = connection.request(subject, StringCodec().encode("{}"), { timeout: 20_000 });
    await expect(request).rejects.toMatchObject({ code: "PERMISSIONS_VIOLATION" });
  });

  test("a subscriber to listen to commands, or to events that are not its own", async () => {
    for (const subject of ["cmd.>", "evt.>", "_INBOX.>", "$JS.>"]) {
      const connection = await connectAs(nats.port, "mailer", { inboxPrefix: "_INBOX_mailer" });
      const refusal = new Promise((resolve) => {
        connection.subscribe(subject, { callback: (error) => resolve(error?.code) });
      });
      expect(await refusal).toBe("PERMISSIONS_VIOLATION");
    }
  });

  test("a watcher to publish anything, but not to see events", async () => {
    const watcher = await connectAs(nats.port, "watcher");
    const seen = new Promise<string>((resolve) => {
      watcher.subscribe("evt.>", { callback: (_error, { subject }) => resolve(subject), max: 1 });
    });
    await watcher.flush();
    await post(statecart.running.graphql, statecart.running.tokens?.customer ?? "", {
      query: order,
    });
    expect(await seen).toMatch(/^evt\./);
    const refusal = (async () => {
      for await (const { data } of watcher.status())
        if (JSON.stringify(data).includes("PERM")) return data;
      return null;
    })();
    watcher.publish(event, StringCodec().encode("{}"));
    await watcher.flush();
    expect(await refusal).toBe("PERMISSIONS_VIOLATION");
  });

  test("a stranger, and a wrong password", async () => {
    const servers = `127.0.0.1:${String(nats.port)}`;
    const code = "AUTHORIZATION_VIOLATION";
    const away = { servers, reconnect: false };
    await expect(connect(away)).rejects.toMatchObject({ code });
    const wrong = connect({ ...away, user: "statecart", pass: "wrong" });
    await expect(wrong).rejects.toMatchObject({ code });
  });
});
