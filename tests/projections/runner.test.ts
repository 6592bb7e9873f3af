import { MongoClient } from "mongodb";
import { describe, expect, it } from "vitest";
import { createTail, type Commit } from "../../log/index.ts";
import { aggregates, productIdOf } from "../../machines/index.ts";
import { toDocument } from "../../projections/document.ts";
import { evolveMarked, placedEvents } from "../../projections/evolve.ts";
import { ordersProjection } from "../../projections/orders.ts";
import { productsProjection } from "../../projections/products.ts";
import { createProgress } from "../../projections/runner-progress.ts";
import type { MarkedView } from "../../projections/view.ts";
import { disposeLater, eventually, testMongod } from "../support/servers.ts";
import {
  createHistory,
  discontinued,
  itemAdded,
  orderCancelled,
  orderCreated,
  priceChanged,
  productCreated,
  published,
  stockAdjusted,
  unknownEvent,
  type History,
} from "./history.ts";
import { logger, openRig, rowBytes, type Rig } from "./rig.ts";
import { createScriptedTail } from "./scripted-tail.ts";

/** Every event type of both aggregates, over a few entities, in commits of one and of several. */
function everyEvent(): History {
  const history = createHistory();
  history.product("TEA-1", productCreated("TEA-1"), published);
  history.order("ORDER-1", orderCreated("ORDER-1"));
  history.product("TEA-1", priceChanged(1_500));
  history.product("TEA-2", productCreated("TEA-2", { description: "green" }));
  history.order("ORDER-1", itemAdded("TEA-2", 3), itemAdded("TEA-3", 1));
  history.product("TEA-2", stockAdjusted(-4), published);
  history.order("ORDER-2", orderCreated("ORDER-2"));
  history.product("TEA-1", stockAdjusted(5), discontinued);
  history.order("ORDER-2", orderCancelled);
  return history;
}

/** What the rows must be: the fold of the whole history, without any of the runner's code. */
function foldAll(commits: readonly Commit[]): Map<string, MarkedView> {
  const views = new Map<string, MarkedView>();
  for (const commit of commits) {
    for (const placed of placedEvents(commit)) {
      const before = views.get(placed.stream) ?? null;
      views.set(placed.stream, evolveMarked(aggregates[commit.aggregate], before, placed));
    }
  }
  return views;
}

async function expectLevel(rig: Rig, commits: readonly Commit[]): Promise<void> {
  for (const projection of [ordersProjection, productsProjection]) {
    const rows = await rig.db.collection(projection.name).find().sort({ _id: 1 }).toArray();
    const ours = commits.filter((commit) => commit.aggregate === projection.aggregate);
    const views = [...foldAll(ours).values()].map((view) => toDocument(projection, view));
    views.sort((left, right) => (left._id.toString() < right._id.toString() ? -1 : 1));
    expect(rows).toEqual(views);
  }
}

async function reaches(rig: Rig, commits: readonly Commit[]): Promise<void> {
  const expected = foldAll(commits);
  await eventually(
    async () => {
      const rows = [
        ...(await rig.db.collection("orders").find().toArray()),
        ...(await rig.db.collection("products").find().toArray()),
      ];
      const versions = new Map(rows.map((row) => [String(row._id), row["version"] as number]));
      return [...expected].every(([id, view]) => versions.get(id) === view.version);
    },
    { description: "the read collections reach the history" },
  );
}

describe("a projector", () => {
  it("folds each event once, and once more without effect", async () => {
    const rig = await openRig();
    const tail = createScriptedTail();
    const { commits } = everyEvent();
    await rig.append(commits);
    rig.run(ordersProjection, tail);
    rig.run(productsProjection, tail);
    for (const commit of commits) tail.deliver(commit);
    await reaches(rig, commits);
    await expectLevel(rig, commits);
    const before = await rowBytes(rig.db, "orders");
    for (const commit of commits) tail.deliver(commit);
    const sentinel = createHistory().order("ORDER-9", orderCreated("ORDER-9"));
    await rig.append([sentinel]);
    tail.deliver(sentinel);
    await reaches(rig, [sentinel]);
    const after = await rowBytes(rig.db, "orders");
    for (const [id, row] of before) expect(after.get(id)).toBe(row);
  });

  it("is not misled by duplicates, disorder and gaps", async () => {
    const rig = await openRig();
    const tail = createScriptedTail();
    const { commits } = everyEvent();
    await rig.append(commits);
    rig.run(ordersProjection, tail);
    rig.run(productsProjection, tail);
    // The last commit of each entity first, twice, and most of the others never.
    tail.deliver(...commits.slice(-5).reverse());
    tail.deliver(...commits.slice(-5));
    tail.deliver(...commits.slice(0, 2));
    await reaches(rig, commits);
    await expectLevel(rig, commits);
  });

  it("leaves the same bytes when it starts over from nothing", async () => {
    const rig = await openRig();
    const { commits } = everyEvent();
    await rig.append(commits);
    const live = createScriptedTail();
    for (const [index, commit] of commits.entries()) {
      // A projector of its own for each commit: every fold begins with a row that was read back.
      const runners = [rig.run(ordersProjection, live), rig.run(productsProjection, live)];
      live.deliver(commit);
      await reaches(rig, commits.slice(0, index + 1));
      await Promise.all(runners.map((runner) => runner.close()));
    }
    const before = [await rowBytes(rig.db, "orders"), await rowBytes(rig.db, "products")];
    for (const name of ["orders", "products", "checkpoints"]) await rig.db.dropCollection(name);
    const tail = createTail(rig.db, { logger });
    disposeLater(() => tail.close());
    rig.run(ordersProjection, tail);
    rig.run(productsProjection, tail);
    await reaches(rig, commits);
    expect([await rowBytes(rig.db, "orders"), await rowBytes(rig.db, "products")]).toEqual(before);
  });

  it("does no harm when another one writes the same collection", async () => {
    const rig = await openRig();
    const [ahead, behind] = [createScriptedTail(), createScriptedTail()];
    const { commits } = everyEvent();
    await rig.append(commits);
    rig.run(productsProjection, ahead);
    const late = rig.run(productsProjection, behind);
    ahead.deliver(...commits);
    const products = commits.filter((commit) => commit.aggregate === "product");
    await reaches(rig, products);
    for (const commit of commits) behind.deliver(commit);
    const [first] = products;
    await eventually(() => late.table.knownVersion(first?.stream ?? "") === 5);
    rig.run(ordersProjection, behind);
    await reaches(rig, commits);
    await expectLevel(rig, commits);
  });

  it("parks an entity whose event it cannot fold while the others flow", async () => {
    const rig = await openRig();
    const tail = createScriptedTail();
    const history = createHistory();
    history.product("BAD-1", productCreated("BAD-1"));
    history.product("BAD-1", unknownEvent);
    history.product("BAD-1", published);
    history.product("TEA-1", productCreated("TEA-1"));
    await rig.append(history.commits);
    const runner = rig.run(productsProjection, tail);
    tail.deliver(...history.commits);
    await reaches(rig, history.commits.slice(3));
    await eventually(() => runner.status().parkedEntities === 1);
    const [letter, ...others] = await runner.deadLetters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ version: 2, code: "REPLAY_FAULT", projection: "products" });
    await reaches(rig, history.commits.slice(0, 1));
    expect(await runner.retry(productIdOf("BAD-1"))).toBe(false);
  });

  it("lets a parked entity flow again once its history can be read", async () => {
    const rig = await openRig();
    const tail = createScriptedTail();
    const history = createHistory();
    const [first, second, third] = [
      history.product("TEA-1", productCreated("TEA-1")),
      history.product("TEA-1", published),
      history.product("TEA-1", priceChanged(900)),
    ];
    await rig.append([first]);
    const runner = rig.run(productsProjection, tail);
    tail.deliver(first);
    await reaches(rig, [first]);
    tail.deliver(third);
    await eventually(() => runner.status().parkedEntities === 1);
    expect((await runner.deadLetters())[0]).toMatchObject({ code: "VERSION_GAP", version: 3 });
    await rig.append([second, third]);
    expect(await runner.retry(first.stream)).toBe(true);
    await expectLevel(rig, history.commits);
    expect(await runner.deadLetters()).toEqual([]);
  });

  it("is found out when it hears nothing of what is in the log", async () => {
    const rig = await openRig();
    const history = createHistory();
    const [first, second] = [
      history.product("TEA-1", productCreated("TEA-1")),
      history.product("TEA-1", published),
    ];
    const tail = createScriptedTail();
    const runner = rig.run(productsProjection, tail);
    await rig.append([first]);
    tail.deliver(first);
    await reaches(rig, [first]);
    await rig.append([second]);
    // Batches without a commit say that the end of the log is reached, again and again.
    const isLate = () => {
      tail.deliver();
      const { isCaughtUp, lagMs } = runner.status();
      return isCaughtUp && lagMs >= 5_000;
    };
    await eventually(isLate, { pauseMs: 100 });
    tail.deliver(second);
    await eventually(() => runner.status().lagMs === 0);
  });

  it("counts what it is behind from where it began anew", async () => {
    const { checkpoints } = await openRig();
    const progress = createProgress(checkpoints);
    const position = { token: "1", time: 1 };
    await progress.note({ commits: [], position, isCaughtUp: false }, "products");
    const begun = progress.now().startedAt;
    await eventually(() => Date.now() > begun);
    progress.startOver();
    expect(progress.now()).toMatchObject({ time: 0, isCaughtUp: false });
    expect(progress.now().startedAt).toBeGreaterThan(begun);
  });

  it("ends level with the log although it is stopped and its server killed", async () => {
    const mongod = await testMongod();
    const client = new MongoClient(mongod.url);
    disposeLater(() => client.close());
    const rig = await openRig(client.db("killed"));
    const tail = createTail(rig.db, { logger });
    disposeLater(() => tail.close());
    const history = createHistory();
    let runner = rig.run(productsProjection, tail);
    for (let round = 0; round < 6; round += 1) {
      const from = history.commits.length;
      for (let index = 0; index < 60; index += 1) {
        const sku = `TEA-${String((index * 7 + round) % 20)}`;
        const isNew = history.commits.every((commit) => commit.stream !== productIdOf(sku));
        history.product(sku, isNew ? productCreated(sku) : stockAdjusted(1 + index));
      }
      const appending = rig.append(history.commits.slice(from));
      await eventually(() => runner.status().time > 0);
      if (round % 2 === 0) {
        await runner.close();
        runner = rig.run(productsProjection, tail);
      } else {
        await mongod.kill();
        await mongod.restart();
      }
      await appending;
    }
    await reaches(rig, history.commits);
    await expectLevel(rig, history.commits);
  });
});
