import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { Timestamp } from "mongodb";
import { describe, expect, it } from "vitest";
import { defaultCacheDir, startMongod } from "../../embedded/index.ts";
import type { AppendResult, Commit, Position } from "../../log/index.ts";
import { verifyHistory } from "../../log/index.ts";
import { freeze } from "../support/freeze.ts";
import type { TestServer } from "../support/servers.ts";
import { disposeLater, eventually, testFolder, testMongod } from "../support/servers.ts";
import { chainOf, commitAfter, nth, openStore, soon } from "./store-rig.ts";
import type { StoreRig } from "./store-rig.ts";
import { isInOrder, readerOf, tailOf, writeOne } from "./tail-rig.ts";

describe("while mongod is killed and restarted", () => {
  it("settles every append, loses nothing it acknowledged and stores nothing twice", async () => {
    const mongod = await testMongod();
    const rig = await openStore(mongod.url, "outages");
    const reader = readerOf(tailOf(rig.db), null);
    const acknowledged: Commit[] = [];
    const stopping = new AbortController();
    const streams = Array.from({ length: 30 }, () => randomUUID());
    const writing = streams.map((stream, index) =>
      index % 5 === 0
        ? writeChains(rig, stream, { acknowledged, signal: stopping.signal })
        : writeSingly(rig, stream, { acknowledged, signal: stopping.signal }),
    );

    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged.length;
      await eventually(() => acknowledged.length > before + 200);
      await mongod.kill();
      await mongod.restart();
    }
    const before = acknowledged.length;
    await eventually(() => acknowledged.length > before + 200);
    stopping.abort();
    await Promise.all(writing);

    for (const stream of streams) {
      const stored = await rig.store.read(stream, 0);
      const mine = acknowledged.filter((commit) => commit.stream === stream);
      expect(stored).toEqual(mine);
      expect(await verifyHistory(rig.store, stream)).toMatchObject({ ok: true });
    }
    await reader.has(acknowledged);
    expect(isInOrder(reader.commits, { once: false })).toBe(true);
  });

  it("lets go of an insert that was half written when mongod froze", async () => {
    const sockets: Socket[] = [];
    const note = (message: unknown): void => {
      sockets.push((message as { readonly socket: Socket }).socket);
    };
    subscribe("net.client.socket", note);
    disposeLater(() => Promise.resolve(unsubscribe("net.client.socket", note)));
    const mongod = await testMongod();
    const rig = await openStore(mongod.url, "outages");
    await rig.store.append(commitAfter(randomUUID()), soon());
    await freeze(mongod.pid);
    // More than the sockets of both sides take, so that the driver waits to write the rest.
    const text = "x".repeat(400_000);
    const large = Array.from({ length: 40 }, () => commitAfter(randomUUID(), { data: { text } }));
    const appended = large.map((commit) => rig.store.append(commit, Date.now() + 60_000));
    const waiting = (): Socket[] => sockets.filter((socket) => socket.listenerCount("drain") > 0);
    await eventually(() => waiting().length > 0);
    // The driver's monitor gives the frozen server up and destroys its sockets without an error.
    const given = waiting();
    await eventually(() => given.every((socket) => socket.destroyed));
    process.kill(mongod.pid, "SIGCONT");
    const results = await Promise.all(appended);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["landed"]));
  });

  it("says unknown at the deadline, and a read says that the store is unavailable", async () => {
    const mongod = await testMongod();
    const rig = await openStore(mongod.url, "outages");
    await writeOne(rig.store);
    await mongod.kill();
    const chain = chainOf(3);
    const single = rig.store.append(commitAfter(randomUUID()), Date.now() + 300);
    const chained = rig.store.appendChain(chain, Date.now() + 300);
    expect((await single).kind).toBe("unknown");
    expect((await chained).map(({ kind }) => kind)).toEqual(["unknown", "unknown", "unknown"]);
    const reads = [
      rig.store.read(nth(chain, 0).stream, 0),
      rig.store.prove(nth(chain, 0).stream, 0, []),
      rig.store.find([nth(chain, 0).id]),
      tailOf(rig.db).now(),
    ];
    for (const read of await Promise.allSettled(reads)) {
      expect(read).toMatchObject({ reason: { code: "STORE_UNAVAILABLE" } });
    }
    await mongod.restart();
    const again = await rig.store.appendChain(chain, soon());
    expect(again.map(({ kind }) => kind)).toEqual(["landed", "landed", "landed"]);
  });

  it("finds what landed after its caller had stopped waiting", async () => {
    const mongod = await testMongod();
    const rig = await openStore(mongod.url, "outages");
    await writeOne(rig.store);
    const [single, chain] = [commitAfter(randomUUID()), chainOf(5)];
    await freeze(mongod.pid);
    const late = rig.store.append(single, Date.now() + 200);
    const lateChain = rig.store.appendChain(chain, Date.now() + 200);
    expect((await late).kind).toBe("unknown");
    expect((await lateChain).map(({ kind }) => kind)).toEqual(Array(5).fill("unknown"));
    process.kill(mongod.pid, "SIGCONT");
    const foreign = commitAfter(single.stream);
    expect(await rig.store.append(single, soon())).toEqual({ kind: "landed" });
    expect(await rig.store.append(foreign, soon())).toEqual({ kind: "conflict" });
    const again = await rig.store.appendChain(chain, soon());
    expect(again.map(({ kind }) => kind)).toEqual(Array(5).fill("landed"));
    expect(await rig.store.read(nth(chain, 0).stream, 0)).toEqual(chain);
  });

  it("resumes a tail that began before, and one that begins in the outage", async () => {
    const mongod = await testMongod();
    const rig = await openStore(mongod.url, "outages");
    const tail = tailOf(rig.db);
    const early = readerOf(tail, await tail.now());
    const first = await writeOne(rig.store);
    await early.has([first]);
    await mongod.kill();
    const late = readerOf(tailOf(rig.db), null);
    const resumed = readerOf(tail, nth(early.batches, -1).position);
    await restartLater(mongod);
    const second = await writeOne(rig.store);
    await early.has([second]);
    await late.has([first, second]);
    await resumed.has([second]);
    expect(isInOrder(early.commits, { once: true })).toBe(true);
  });
});

interface Writing {
  readonly acknowledged: Commit[];
  readonly signal: AbortSignal;
}

async function writeSingly(rig: StoreRig, stream: string, writing: Writing): Promise<void> {
  let previous: Commit | string = stream;
  while (!writing.signal.aborted) {
    const commit: Commit = commitAfter(previous);
    const result = await rig.store.append(commit, soon());
    expectLanded(result);
    writing.acknowledged.push(commit);
    previous = commit;
  }
}

async function writeChains(rig: StoreRig, stream: string, writing: Writing): Promise<void> {
  let previous: Commit | string = stream;
  while (!writing.signal.aborted) {
    const chain: Commit[] = chainOf(10, previous);
    const results = await rig.store.appendChain(chain, soon());
    for (const result of results) expectLanded(result);
    writing.acknowledged.push(...chain);
    previous = nth(chain, -1);
  }
}

function expectLanded(result: AppendResult): void {
  if (result.kind !== "landed") throw new Error(`an append is ${result.kind}`, { cause: result });
}

/** Restarts a killed server while its clients are already trying to reach it. */
async function restartLater(mongod: TestServer): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await mongod.restart();
}

describe("when the oplog no longer holds a reader's position", () => {
  it("scans from that position's time and misses nothing", async () => {
    const dataDir = await testFolder();
    // An oplog of 1 MB shrinks only after a checkpoint of the storage engine.
    const mongod = await startMongod({
      dataDir,
      port: 0,
      cacheDir: defaultCacheDir(),
      report: () => undefined,
      extraArgs: ["--oplogSize", "1", "--syncdelay", "1"],
    });
    disposeLater(() => mongod.kill());
    const rig = await openStore(mongod.url, "outages");
    const tail = tailOf(rig.db);
    const reader = readerOf(tail, await tail.now());
    await reader.has([await writeOne(rig.store)]);
    const { position } = nth(reader.batches, -1);
    await reader.stop();

    const missed: Commit[] = [];
    await eventually(async () => {
      for (let count = 0; count < 20; count += 1) missed.push(await writeBig(rig));
      return (await oplogStart(rig)) > secondsOf(position);
    });
    const late = readerOf(tail, position);
    await late.has(missed);
    expect(late.batches.some((batch) => batch.position.token === null)).toBe(true);
    await late.has([await writeOne(rig.store)]);
    expect(isInOrder(late.commits, { once: false })).toBe(true);
  });
});

async function writeBig({ store }: StoreRig): Promise<Commit> {
  const commit = commitAfter(randomUUID(), { data: { text: "x".repeat(100_000) } });
  expectLanded(await store.append(commit, soon()));
  return commit;
}

/** The time of the oldest entry. */
async function oplogStart({ db }: StoreRig): Promise<number> {
  const oplog = db.client.db("local").collection<{ ts: Timestamp }>("oplog.rs");
  const oldest = await oplog.find().sort({ $natural: 1 }).limit(1).toArray();
  return oldest[0]?.ts.t ?? 0;
}

/** The seconds that a resume token carries. */
function secondsOf({ token }: Position): number {
  return Number.parseInt((token ?? "").slice(2, 10), 16);
}
