import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { UUID } from "mongodb";
import { describe, expect, it } from "vitest";
import { courses, createPaperShop } from "../../bench/paper-shop.ts";
import type { Commit } from "../../log/index.ts";
import { createOrderReadModel } from "../../projections/order-reads.ts";
import { ordersProjection } from "../../projections/orders.ts";
import type { Projection } from "../../projections/document.ts";
import { productsProjection } from "../../projections/products.ts";
import { claimRebuild } from "../../projections/rebuild-claim.ts";
import { rebuildEntity } from "../../projections/rebuild.ts";
import { program } from "../support/programs.ts";
import { sealedPersonal } from "../support/personal-sample.ts";
import { disposeLater, eventually, testDatabase } from "../support/servers.ts";
import { createHistory, orderCreated, unknownEvent } from "./history.ts";
import { isLevel, randomLoad, runRebuild, servedSuffix, startProjector } from "./rebuild-rig.ts";
import { logger, openRig, rowBytes, type Rig } from "./rig.ts";

const projections = [ordersProjection, productsProjection];
const PAPER_START = Date.parse("2026-03-02T08:00:00.000Z");
const PAPER_PERIOD = { from: "2026-03-01", through: "2026-03-31" };
const PAPER_REVENUE = {
  currency: "EUR",
  from: "2026-03-01T00:00:00.000Z",
  before: "2026-04-01T00:00:00.000Z",
};

/** Orders that were paid, shipped, cancelled and paid back, so that there are facts and days. */
function paperOrders(count: number): readonly Commit[] {
  const paper = createPaperShop();
  const sku = "TEA-1";
  paper.sell({ sku, name: "Earl Grey", category: "tea", minor: 690, onHand: 900 }, PAPER_START);
  const able = courses.filter((course) => course !== "rejected");
  for (let index = 0; index < count; index += 1) {
    paper.order({
      name: String(index),
      customerId: `customer-${String(index % 7)}`,
      personal: sealedPersonal,
      items: [{ sku, quantity: 1 + (index % 2) }],
      course: able[index % able.length] ?? "paid",
      at: PAPER_START + index * 3_600_000,
    });
  }
  return paper.commits;
}

/** The facts of a generation as bytes, by collection. */
async function factBytes({ db }: Rig, suffix: string): Promise<unknown> {
  const tables = ordersProjection.facts ?? [];
  return Promise.all(
    tables.map(async ({ name }) =>
      (
        await db
          .collection(name + suffix)
          .find({}, { raw: true })
          .sort({ _id: 1 })
          .toArray()
      ).map((row) => Buffer.from(row as unknown as Uint8Array).toString("hex")),
    ),
  );
}

/** `npm run rebuild` on a database, until it is killed. */
function rebuildProgram(database: { readonly url: string; readonly name: string }, what: string) {
  const env = { ...process.env, MONGODB_URL: database.url, MONGODB_DATABASE: database.name };
  const child = spawn(process.execPath, [program("rebuild"), what], { env });
  disposeLater(() => Promise.resolve(child.kill("SIGKILL")));
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  return {
    ended: new Promise<number | null>((resolve) => child.once("close", resolve)),
    kill: () => child.kill("SIGKILL"),
    says: (word: string) => eventually(() => text.includes(word), { pauseMs: 1 }),
  };
}

async function expireClaim({ db }: Rig): Promise<void> {
  await db
    .collection("read_models")
    .updateMany({ rebuild: { $ne: null } }, { $set: { "rebuild.expiresAt": new Date(0) } });
}

async function collectionsOf({ db }: Rig, name: string): Promise<string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found.map((one) => one.name).filter((one) => one.startsWith(name));
}

describe("a rebuild", () => {
  it("makes the rows that live has, byte for byte, which are the fold of the events", async () => {
    const rig = await openRig();
    const load = randomLoad(40, 600);
    const poisoned = createHistory();
    poisoned.order("POISON", orderCreated("POISON"));
    poisoned.order("POISON", unknownEvent);
    await rig.append([...load, ...poisoned.commits]);
    const runners = projections.map((projection) => startProjector(rig, projection));
    await eventually(() => runners.every((runner) => runner.status().isCaughtUp));
    for (const projection of projections) {
      const live = await rowBytes(rig.db, projection.name);
      const { events } = await runRebuild(rig, projection);
      expect(events).toBeGreaterThan(200);
      const suffix = await servedSuffix(rig.db, projection);
      expect(suffix).not.toBe("");
      expect(await rowBytes(rig.db, projection.name + suffix)).toEqual(live);
    }
    await isLevel(rig.db, productsProjection, load);
    await isLevel(rig.db, ordersProjection, [...load, ...poisoned.commits.slice(0, 1)]);
    await eventually(async () => (await runners[0]?.deadLetters())?.length === 1);
  });

  it("runs while writes go on, and every process goes on with the new rows", async () => {
    const rig = await openRig();
    const load = randomLoad(60, 1_500, 7);
    const half = load.slice(0, 700);
    await rig.append(half);
    const processes = [
      startProjector(rig, ordersProjection),
      startProjector(rig, ordersProjection),
    ];
    await isLevel(rig.db, ordersProjection, half);
    const writing = rig.append(load.slice(700));
    await runRebuild(rig, ordersProjection, { handoverMs: 500 });
    await writing;
    await isLevel(rig.db, ordersProjection, load);
    const name = ordersProjection.name + (await servedSuffix(rig.db, ordersProjection));
    for (const { table } of processes) {
      await eventually(async () => (await table.collection()).collectionName === name);
    }
    const more = createHistory();
    more.order("LATER", orderCreated("LATER"));
    await rig.append(more.commits);
    await isLevel(rig.db, ordersProjection, [...load, ...more.commits]);
  });

  it("drops the old rows once nobody can be reading them any more", async () => {
    const rig = await openRig();
    await rig.append(randomLoad(5, 30));
    startProjector(rig, ordersProjection);
    await runRebuild(rig, ordersProjection);
    expect(await collectionsOf(rig, "orders")).toContain("orders");
    const longAgo = { $set: { "retired.0.since": new Date(0) } };
    await rig.db.collection<{ _id: string }>("read_models").updateOne({ _id: "orders" }, longAgo);
    await eventually(async () => !(await collectionsOf(rig, "orders")).includes("orders"));
    await isLevel(rig.db, ordersProjection, randomLoad(5, 30));
  });

  it("that is stopped leaves the old rows serving and nothing behind", async () => {
    const rig = await openRig();
    await rig.append(randomLoad(10, 60));
    startProjector(rig, ordersProjection);
    await isLevel(rig.db, ordersProjection, randomLoad(10, 60));
    const stopping = new AbortController();
    const stopped = runRebuild(rig, ordersProjection, {
      signal: stopping.signal,
      onProgress: () => stopping.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(await servedSuffix(rig.db, ordersProjection)).toBe("");
    expect(await collectionsOf(rig, "orders")).toEqual(["orders"]);
    await runRebuild(rig, ordersProjection);
  });

  it("that is killed can be done again, and what it has left is dropped", async () => {
    const rig = await openRig();
    const load = randomLoad(10, 60);
    await rig.append(load);
    startProjector(rig, ordersProjection);
    const dead = await claimRebuild(rig.db, ordersProjection, "a process that dies");
    const left = `orders${dead.generation.suffix}`;
    await rig.db.collection(left).insertOne({});
    await expect(runRebuild(rig, ordersProjection)).rejects.toMatchObject({
      code: "REBUILD_RUNNING",
      message: expect.stringContaining("a process that dies") as string,
    });
    await expireClaim(rig);
    await runRebuild(rig, ordersProjection);
    expect(await collectionsOf(rig, "orders")).not.toContain(left);
    await expect(dead.renew()).rejects.toMatchObject({ code: "REBUILD_LOST" });
    await expect(dead.serve()).rejects.toMatchObject({ code: "REBUILD_LOST" });
    await dead.giveUp();
    await isLevel(rig.db, ordersProjection, load);
  });

  it("that is killed half-way leaves what serves as it is, and is done anew", async () => {
    const database = await testDatabase();
    const rig = await openRig(database.db);
    const paper = paperOrders(450);
    await rig.append(paper);
    const runner = startProjector(rig, ordersProjection);
    await eventually(() => runner.status().isCaughtUp);
    const reads = createOrderReadModel(runner.table);
    const asked = async () => [
      await reads.list({ first: 100 }),
      await reads.statistics(PAPER_PERIOD),
      await reads.revenue.total(PAPER_REVENUE),
    ];
    const served = await asked();
    const facts = await factBytes(rig, "");
    const killed = rebuildProgram(database, "orders");
    // The first page is done then; others are not.
    await killed.says("folding");
    killed.kill();
    await killed.ended;
    expect(await servedSuffix(rig.db, ordersProjection)).toBe("");
    expect(await asked()).toEqual(served);
    await expireClaim(rig);
    const again = rebuildProgram(database, "orders");
    const answers: unknown[] = [];
    const over = new AbortController();
    void again.ended.then(() => over.abort());
    while (!over.signal.aborted) answers.push(await asked());
    for (const answer of answers) expect(answer).toEqual(served);
    expect(answers.length).toBeGreaterThan(0);
    const suffix = await servedSuffix(rig.db, ordersProjection);
    expect(suffix).not.toBe("");
    expect(await factBytes(rig, suffix)).toEqual(facts);
    const name = `orders${suffix}`;
    await eventually(async () => (await runner.table.collection()).collectionName === name);
    expect(await asked()).toEqual(served);
    // Nothing of the one that was killed is left, of rows, facts and days alike.
    const left = await collectionsOf(rig, "orders_r");
    expect(left).toEqual([name]);
    expect(await collectionsOf(rig, "revenue_r")).toEqual([`revenue${suffix}`]);
    expect(await collectionsOf(rig, "order_days_r")).toEqual([`order_days${suffix}`]);
  });

  it("of newer code leaves processes of older code their own rows", async () => {
    const rig = await openRig();
    const load = randomLoad(10, 80);
    await rig.append(load.slice(0, 50));
    const newer: Projection = {
      ...ordersProjection,
      codeVersion: ordersProjection.codeVersion + 1,
      indexFields: (view) => ({ ...ordersProjection.indexFields(view), isNew: true }),
    };
    const old = startProjector(rig, ordersProjection);
    await isLevel(rig.db, ordersProjection, load.slice(0, 50));
    const young = startProjector(rig, newer);
    await eventually(() => young.status().isOutdated);
    await runRebuild(rig, newer);
    await eventually(() => !young.status().isOutdated);
    await rig.append(load.slice(50));
    await isLevel(rig.db, newer, load);
    await isLevel(rig.db, ordersProjection, load);
    expect(old.status().isOutdated).toBe(false);
  });

  it("of one entity puts right its row alone", async () => {
    const rig = await openRig();
    const load = randomLoad(5, 40);
    await rig.append(load);
    startProjector(rig, ordersProjection);
    await isLevel(rig.db, ordersProjection, load);
    const [id = ""] = (await rowBytes(rig.db, "orders")).keys();
    const rows = rig.db.collection<{ _id: UUID }>("orders");
    await rows.updateOne({ _id: new UUID(id) }, { $set: { "index.status": "FORGED" } });
    const options = { ...rig, projection: ordersProjection, logger };
    expect(await rebuildEntity(options, id)).toBe(true);
    await isLevel(rig.db, ordersProjection, load);
    expect(await rebuildEntity(options, "00000000-0000-4000-8000-000000000000")).toBe(false);
  });
});

describe("npm run rebuild", () => {
  const run = promisify(execFile);
  const command = async (rig: { url: string; name: string }, ...args: readonly string[]) => {
    const env = { ...process.env, MONGODB_URL: rig.url, MONGODB_DATABASE: rig.name };
    return run("node", [program("rebuild"), ...args], { env });
  };

  it("tells how far it is, and who is at it already", async () => {
    const database = await testDatabase();
    const rig = await openRig(database.db);
    await rig.append(randomLoad(10, 60));
    startProjector(rig, ordersProjection);
    const { stdout } = await command(database, "orders");
    expect(stdout).toMatch(/orders: serving, 100 %, \d+ entities, \d+ events, \d+ events\/s/);
    await isLevel(rig.db, ordersProjection, randomLoad(10, 60));
    await claimRebuild(rig.db, ordersProjection, "somebody else");
    await expect(command(database, "orders")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("being rebuilt by somebody else since") as string,
    });
  });
});
