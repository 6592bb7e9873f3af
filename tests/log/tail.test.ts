import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { MongoTail } from "../../log/index.ts";
import { partitionOf } from "../../log/index.ts";
import { eventually } from "../support/servers.ts";
import { chainOf, commitAfter, nth, soon, storeRig } from "./store-rig.ts";
import type { StoreRig } from "./store-rig.ts";
import { isInOrder, readerOf, tailOf, writeOne, writeRacing } from "./tail-rig.ts";

let rig: StoreRig;

beforeEach(async () => {
  rig = await storeRig();
});

describe("the tail", () => {
  it("brings what was there before and what comes live, every entity in order", async () => {
    const before = await writeRacing(rig.store, { writers: 4, entities: 10, length: 6 });
    const reader = readerOf(tailOf(rig.db), null);
    const meanwhile = await writeRacing(rig.store, { writers: 8, entities: 10, length: 6 });
    await reader.has([...before, ...meanwhile]);
    const live = await writeOne(rig.store);
    await reader.has([live]);
    expect(isInOrder(reader.commits, { once: false })).toBe(true);
  });

  it("misses nothing between a position and the scan after it, under load", async () => {
    const tail = tailOf(rig.db);
    const { signal } = new AbortController();
    const missed: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      // In the first partition, which the scan reads at once: before all of them are on a majority.
      const commits = Array.from({ length: 8 }, () => commitAfter(idOfFirstPartition()));
      const landing = Promise.all(commits.map((commit) => rig.store.append(commit, soon())));
      await turns(round % 12);
      const position = await tail.now();
      const seen = new Set<string>();
      for await (const page of tail.scan(Date.now() - 5_000, signal)) {
        for (const { id } of page) seen.add(id);
      }
      await landing;
      const last = await writeOne(rig.store);
      const reading = new AbortController();
      for await (const batch of tail.read(position, { signal: reading.signal })) {
        for (const { commit } of batch.commits) seen.add(commit.id);
        if (seen.has(last.id)) reading.abort();
      }
      missed.push(...commits.filter(({ id }) => !seen.has(id)).map(({ id }) => id));
    }
    expect(missed).toEqual([]);
  });

  it("brings live commits to all readers once each, from one change stream", async () => {
    const tail = tailOf(rig.db);
    const readers = Array.from({ length: 5 }, () => readerOf(tail, null));
    await Promise.all(
      readers.map(({ batches }) => eventually(() => batches.some(({ isCaughtUp }) => isCaughtUp))),
    );
    const written = await writeRacing(rig.store, { writers: 8, entities: 5, length: 10 });
    for (const reader of readers) {
      await reader.has(written);
      expect(reader.commits).toHaveLength(written.length);
      expect(isInOrder(reader.commits, { once: true })).toBe(true);
    }
    expect(await openChangeStreams(rig)).toBe(1);
  });

  it("goes on from every position it gave out, without loss and without repetition", async () => {
    const tail = tailOf(rig.db);
    const reader = readerOf(tail, null);
    await eventually(() => reader.batches.some(({ isCaughtUp }) => isCaughtUp));
    const written = await writeRacing(rig.store, { writers: 2, entities: 5, length: 4 });
    await reader.has(written);
    const order = reader.commits.map(({ id }) => id);
    for (const fresh of [tail, tailOf(rig.db)]) {
      for (let index = 0; index < order.length; index += 1) {
        const later = readerOf(fresh, nth(reader.positions, index));
        await eventually(() => later.batches.some(({ isCaughtUp }) => isCaughtUp));
        expect(later.commits.map(({ id }) => id)).toEqual(order.slice(index + 1));
        await later.stop();
      }
    }
  });

  it("says when a reader is at the end, and moves a quiet reader's position on", async () => {
    const tail = tailOf(rig.db);
    const reader = readerOf(tail, null);
    await eventually(() => reader.batches.some(({ isCaughtUp }) => isCaughtUp));
    const token = () => reader.batches.at(-1)?.position.token ?? "";
    const first = token();
    const checkpoints = rig.db.collection("elsewhere");
    await eventually(async () => {
      await checkpoints.insertOne({ note: "the oplog moves on, the log does not" });
      return token() > first;
    });
    expect(reader.commits).toEqual([]);
    const last = nth(reader.batches, -1).position;
    const commit = await writeOne(rig.store);
    const later = readerOf(tail, last);
    await later.has([commit]);
    expect(later.commits).toEqual([commit]);
  });

  it("does not let a slow reader hold up a fast one, and brings it the rest later", async () => {
    const tail = tailOf(rig.db, { windowEventsMax: 50 });
    const fast = readerOf(tail, null);
    const slow = readerOf(tail, null);
    await eventually(() => slow.batches.some(({ isCaughtUp }) => isCaughtUp));
    slow.hold();
    await writeOne(rig.store);
    const written = await writeRacing(rig.store, { writers: 8, entities: 5, length: 20 });
    await fast.has(written);
    expect(slow.commits.length).toBeLessThan(written.length);
    slow.letGo();
    await slow.has(written);
    expect(isInOrder(slow.commits, { once: true })).toBe(true);
    const live = await writeOne(rig.store);
    await slow.has([live]);
    await eventually(async () => {
      // Attaching needs a newer position than the window's start.
      await writeOne(rig.store);
      return (await openChangeStreams(rig)) === 1;
    });
  });

  it("scans when the oplog does not know a reader's position, however broken it is", async () => {
    const old = await writeRacing(rig.store, { writers: 2, entities: 10, length: 3 });
    const tail = tailOf(rig.db);
    const now = await tail.now();
    const tokens = [
      "no token at all",
      "82",
      "",
      now.token?.slice(0, -10) ?? "",
      // Of a change that never was, and of a time that has not come: the server would wait for it.
      (await writtenToken(tail)).replace(/.{8}$/, "00000004"),
      `82F0000001${now.token?.slice(10) ?? ""}`,
    ];
    for (const token of tokens) {
      const reader = readerOf(tail, { token, time: 0 });
      await reader.has(old);
      expect(isInOrder(reader.commits, { once: false })).toBe(true);
      await reader.has([await writeOne(rig.store)]);
      await reader.stop();
    }
  });

  it("scans no further back than a lost position's time asks for", async () => {
    const chain = chainOf(3);
    await rig.store.appendChain(chain, soon());
    const reader = readerOf(tailOf(rig.db), { token: "lost", time: Date.now() + 3_600_000 });
    await eventually(() => reader.batches.some(({ isCaughtUp }) => isCaughtUp));
    expect(reader.commits).toEqual([]);
    const live = await writeOne(rig.store);
    await reader.has([live]);
  });

  it("passes over a document that is no commit, so that one cannot stop all", async () => {
    const reader = readerOf(tailOf(rig.db), null);
    await eventually(() => reader.batches.some(({ isCaughtUp }) => isCaughtUp));
    await rig.db
      .collection("events")
      .insertOne({ note: "not a commit" }, { bypassDocumentValidation: true });
    const commit = await writeOne(rig.store);
    await reader.has([commit]);
    const late = readerOf(tailOf(rig.db), null);
    await late.has([commit]);
  });

  it("ends its readers when it is closed, also one that waits", async () => {
    const tail = tailOf(rig.db);
    const ended = (async () => {
      for await (const batch of tail.read(null, { signal: new AbortController().signal })) {
        if (batch.isCaughtUp) void tail.close();
      }
    })();
    await expect(ended).resolves.toBeUndefined();
    await eventually(async () => (await openChangeStreams(rig)) === 0);
  });
});

/** An entity id in partition 0. */
function idOfFirstPartition(): string {
  for (;;) {
    const id = randomUUID();
    if (partitionOf(id) === 0) return id;
  }
}

/** So many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

/** The token of a commit. */
async function writtenToken(tail: MongoTail): Promise<string> {
  const reader = readerOf(tail, await tail.now());
  await reader.has([await writeOne(rig.store)]);
  await reader.stop();
  await writeOne(rig.store);
  return nth(reader.positions, 0).token ?? "";
}

/** The change streams that the server holds for this test's database. */
async function openChangeStreams({ db }: StoreRig): Promise<number> {
  const cursors = await db.client
    .db("admin")
    .aggregate([
      { $currentOp: { idleCursors: true, allUsers: true } },
      { $match: { ns: `${db.databaseName}.events`, "cursor.tailable": true } },
      { $group: { _id: "$cursor.cursorId" } },
    ])
    .toArray();
  return cursors.length;
}
