import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, UUID, type Db } from "mongodb";
import { isDeepStrictEqual } from "node:util";
import pino from "pino";
import { developmentKeys } from "../cli/development-keys.ts";
import { readConfig } from "../config.ts";
import { defaultCacheDir, startMongod } from "../embedded/index.ts";
import {
  createCheckpoints,
  createMongoEventStore,
  createStreamScan,
  createTail,
  prepareLog,
} from "../log/index.ts";
import { createPrivacy } from "../privacy/index.ts";
import {
  allProjections,
  personalSearchOf,
  rebuild,
  rebuildEntity,
  withPersonalSearch,
} from "../projections/index.ts";
import { fillOrders, type Range } from "./fill-orders.ts";
import { readTemplates, templateShop, type Template } from "./order-templates.ts";
import { courses } from "./paper-shop.ts";
import { servedBy } from "./served.ts";

/** Clones that are folded from their events and must come out as they were stored. */
const CLONES_CHECKED = 5;

/** A mongod of the bench's own with orders in bulk in it. */
export interface ReadStore {
  readonly url: string;
  readonly database: string;
  readonly dataDir: string;
  readonly db: Db;
  /** Adds orders; resolves with the ids of those that have events. Throws unless all is well. */
  fill(range: Range): Promise<readonly string[]>;
  /** Says to every reader of the log that it has seen all of it. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it, and folds a few orders of every course as the service would. */
export async function openReadStore(report: (line: string) => void): Promise<ReadStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "statecart-bench-read-"));
  const { config } = readConfig(["--data-dir", dataDir], { ...process.env, MONGODB_URL: "" });
  const server = await startMongod({
    dataDir: join(dataDir, "bulk"),
    cacheDir: config.cacheDir ?? defaultCacheDir(),
    port: 0,
    report,
    ...(config.mongodBin === undefined ? {} : { binary: config.mongodBin }),
  });
  const client = new MongoClient(server.url);
  await client.connect();
  const db = client.db(config.mongodbDatabase);
  const parts = await partsOf(db, masterKeyOf(config, dataDir));
  const templates = await foldTemplates(parts);
  const now = Date.now();
  return {
    url: server.url,
    database: config.mongodbDatabase,
    dataDir,
    db,
    async fill(range) {
      const served = await servedBy(db, parts.orders);
      const ids = await fillOrders(
        { db, store: parts.store, served, templates, now, report },
        range,
      );
      const every = Math.ceil(ids.length / CLONES_CHECKED);
      for (const [index, id] of ids.entries()) {
        if (index % every === 0) await assertFolded(parts, id);
      }
      return ids;
    },
    async settle() {
      const tail = createTail(db, parts);
      const position = await tail.now();
      await tail.close();
      const names = [parts.orders, parts.products].map((one) => servedBy(db, one));
      const readers = (await Promise.all(names)).map(({ checkpoint }) => checkpoint);
      for (const name of [...readers, "reactor"]) await parts.checkpoints.save(name, position);
    },
    async close() {
      await parts.privacy.close();
      await client.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function masterKeyOf(config: ReturnType<typeof readConfig>["config"], dataDir: string): string {
  const { jwtIssuer: issuer, jwtAudience: audience } = config;
  return developmentKeys({ dataDir, issuer, audience }).masterKey;
}

async function partsOf(db: Db, masterKey: string) {
  await prepareLog(db);
  const logger = pino({ level: "warn" }, pino.destination({ fd: 2 }));
  const privacy = await createPrivacy({ db, masterKeys: [masterKey], logger });
  const personal = personalSearchOf(privacy);
  const [orders, products] = allProjections.map((one) => withPersonalSearch(one, personal));
  if (orders === undefined || products === undefined) throw new Error("a projection is missing");
  const store = createMongoEventStore(db);
  const checkpoints = createCheckpoints(db);
  return { db, logger, privacy, orders, products, store, checkpoints };
}

type Parts = Awaited<ReturnType<typeof partsOf>>;

/** From the log to rows by the code that does it always: what is cloned has no shape of our own. */
async function foldTemplates(parts: Parts): Promise<readonly Template[]> {
  const { db, store, logger, privacy } = parts;
  const paper = await templateShop(courses, privacy);
  const heads = new Map<string, Promise<unknown>>();
  for (const commit of paper.commits) {
    const before = heads.get(commit.stream) ?? Promise.resolve();
    const landed = before.then(() => store.append(commit, Date.now() + 60_000));
    heads.set(commit.stream, landed);
  }
  await Promise.all(heads.values());
  const tail = createTail(db, { logger });
  for (const projection of [parts.products, parts.orders]) {
    const scan = createStreamScan(db, logger);
    await rebuild({ ...parts, projection, tail, scan, by: "bench", handoverMs: 0 });
  }
  await tail.close();
  const served = await servedBy(db, parts.orders);
  return await readTemplates({ db, store, served }, paper.orders);
}

/** A clone is worth nothing unless its events lead to exactly what is stored of it. */
async function assertFolded(parts: Parts, id: string): Promise<void> {
  const { db } = parts;
  const served = await servedBy(db, parts.orders);
  const stored = async (): Promise<unknown[]> => {
    const own = { _id: { $gte: `${id}/` as never, $lt: `${id}0` as never } };
    const facts = [...served.facts.values()].map((name) =>
      db.collection(name).find(own, { promoteValues: false }).sort({ _id: 1 }).toArray(),
    );
    const row = db.collection(served.rows).findOne({ _id: new UUID(id) as never }, { raw: true });
    return [await row, ...(await Promise.all(facts))];
  };
  const before = await stored();
  const isFolded = await rebuildEntity({ ...parts, projection: parts.orders }, id);
  if (!isFolded || !isDeepStrictEqual(await stored(), before)) {
    throw new Error(`order ${id} is not what its events lead to: the bench's clones are wrong`);
  }
}
