import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Commit } from "../../log/index.ts";
import { createMongoEventStore, lastVersion } from "../../log/index.ts";
import { chainOf, commitAfter, nth, openStore, soon, storeRig } from "./store-rig.ts";
import type { StoreRig } from "./store-rig.ts";

let rig: StoreRig;

beforeAll(async () => {
  rig = await storeRig();
});

describe("append", () => {
  it("lets exactly one of two commits at one version land, the other is a conflict", async () => {
    const other = createMongoEventStore(rig.db);
    for (let round = 0; round < 20; round += 1) {
      const stream = randomUUID();
      const commits = [commitAfter(stream), commitAfter(stream, { eventCount: 3 })];
      const results = await Promise.all([
        rig.store.append(nth(commits, 0), soon()),
        other.append(nth(commits, 1), soon()),
      ]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(["conflict", "landed"]);
      const stored = await rig.store.read(stream, 0);
      const winner = results.findIndex(({ kind }) => kind === "landed");
      expect(stored).toEqual([nth(commits, winner)]);
    }
  });

  it("answers the same commit sent many times at once as landed, and stores it once", async () => {
    const commit = commitAfter(randomUUID());
    const results = await Promise.all(
      Array.from({ length: 10 }, () => rig.store.append(commit, soon())),
    );
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["landed"]));
    expect(await rig.store.read(commit.stream, 0)).toEqual([commit]);
  });

  it("answers a repeated command id with the stored commit, also a moved stream's", async () => {
    const [first, second] = chainOf(2) as [Commit, Commit];
    await rig.store.append(first, soon());
    const repeat = commitAfter(first.stream, { id: first.id, at: "2020-01-01T00:00:00.000Z" });
    expect(await rig.store.append(repeat, soon())).toEqual({ kind: "repeated", commit: first });
    await rig.store.append(second, soon());
    const late = commitAfter(second, { id: first.id });
    expect(await rig.store.append(late, soon())).toEqual({ kind: "repeated", commit: first });
    expect(await rig.store.read(first.stream, 0)).toEqual([first, second]);
  });

  it("tells a reused key from a repeat by the payload and by the stream", async () => {
    const first = commitAfter(randomUUID());
    await rig.store.append(first, soon());
    const otherPayload = commitAfter(first, { id: first.id, payloadHash: "payload-2" });
    const otherStream = commitAfter(randomUUID(), { id: first.id });
    expect(await rig.store.append(otherPayload, soon())).toEqual({ kind: "keyReused" });
    expect(await rig.store.append(otherStream, soon())).toEqual({ kind: "keyReused" });
  });

  it("tells each commit of a gathered batch its own outcome", async () => {
    const streams = Array.from({ length: 300 }, () => randomUUID());
    const taken = streams.filter((_, index) => index % 3 === 1).map((s) => commitAfter(s));
    await Promise.all(taken.map((commit) => rig.store.append(commit, soon())));
    const takenBy = new Map(taken.map((commit) => [commit.stream, commit]));
    const sent = streams.map((stream, index) => {
      const winner = takenBy.get(stream);
      const isRepeat = winner !== undefined && index % 2 === 0;
      return commitAfter(stream, isRepeat ? { id: winner.id, at: "2020-01-01T00:00:00.000Z" } : {});
    });
    const results = await Promise.all(sent.map((commit) => rig.store.append(commit, soon())));
    results.forEach((result, index) => {
      const isTaken = index % 3 === 1;
      const kind = isTaken ? (index % 2 === 0 ? "repeated" : "conflict") : "landed";
      expect(result.kind).toBe(kind);
    });
  });

  it("refuses what it could not give back, without harm to its neighbours", async () => {
    const good = commitAfter(randomUUID());
    const bad: Commit[] = [
      { ...commitAfter(randomUUID()), id: "no-uuid" },
      { ...commitAfter(randomUUID()), at: "yesterday" },
      { ...commitAfter(randomUUID()), version: 0 },
      { ...commitAfter(randomUUID()), events: [] },
      commitAfter(randomUUID(), { eventCount: 501 }),
      commitAfter(randomUUID(), { data: { text: "x".repeat(600_000) } }),
      commitAfter(randomUUID(), { data: { "null\u0000key": 1 } }),
      { ...commitAfter(randomUUID()), hash: "not sixty-four hex digits" },
      { ...commitAfter(randomUUID()), partition: 64 },
    ];
    const appends = bad.map((commit) => rig.store.append(commit, soon()));
    const landing = rig.store.append(good, soon());
    for (const append of appends) {
      await expect(append).rejects.toMatchObject({ code: "COMMIT_INVALID" });
    }
    expect(await landing).toEqual({ kind: "landed" });
  });

  it("seals no text that the store would give back as another one", () => {
    const seal = (text: string) => () => commitAfter(randomUUID(), { data: { text } });
    expect(seal("\ud800 alone")).toThrow(/not well formed/);
    expect(seal("\\\ud800")).toThrow(/not well formed/);
    expect(seal("\ud83d\ude00 and \\ud800, spelled out")).not.toThrow();
  });
});

describe("read, prove and find", () => {
  it("give every commit back as it went in", async () => {
    const data = {
      text: "ünï ✓ \u0000 $.",
      big: 2 ** 52,
      small: -0.5,
      nested: [{ a: null }, [], {}, true],
      $dollar: { "dotted.name": 1 },
    };
    const base = commitAfter(randomUUID(), { data, eventCount: 2 });
    const commit: Commit = {
      ...base,
      meta: { ...base.meta, causationId: "cause", traceparent: "00-1-2-03" },
      answer: { orderNumber: "X1" },
    };
    await rig.store.append(commit, soon());
    expect(await rig.store.read(commit.stream, 0)).toEqual([commit]);
    expect(await rig.store.find([commit.id, randomUUID()])).toEqual(new Map([[commit.id, commit]]));
  });

  it("read from and through a version", async () => {
    const chain = chainOf(6);
    await rig.store.appendChain(chain, soon());
    const { stream } = nth(chain, 0);
    expect(await rig.store.read(stream, 2, 4)).toEqual(chain.slice(2, 4));
    expect(await rig.store.read(stream, 6)).toEqual([]);
    expect(await rig.store.read(randomUUID(), 0)).toEqual([]);
  });

  it("prove that a stream has not moved on, or that it has, each asker its own", async () => {
    const chains = Array.from({ length: 200 }, (_, index) => chainOf(1 + (index % 3)));
    await Promise.all(chains.map((chain) => rig.store.appendChain(chain, soon())));
    const proofs = await Promise.all(
      chains.map((chain, index) => {
        const known = index % 2 === 0 ? lastVersion(nth(chain, -1)) : 0;
        return rig.store.prove(nth(chain, 0).stream, known, [nth(chain, 0).id, randomUUID()]);
      }),
    );
    proofs.forEach(({ found, isBehind }, index) => {
      expect(isBehind).toBe(index % 2 === 1);
      expect([...found.values()]).toEqual([nth(nth(chains, index), 0)]);
    });
  });

  it("see what another process wrote a moment ago", async () => {
    const other = await openStore(inject("mongodbUrl"), rig.db.databaseName);
    const first = commitAfter(randomUUID());
    expect((await rig.store.prove(first.stream, 0, [first.id])).isBehind).toBe(false);
    await other.store.append(first, soon());
    const { found, isBehind } = await rig.store.prove(first.stream, 0, [first.id]);
    expect(found.get(first.id)).toEqual(first);
    expect(isBehind).toBe(true);
  });

  it("fails for the asker alone when an id is none or a commit cannot be read", async () => {
    const [good, broken] = [commitAfter(randomUUID()), commitAfter(randomUUID())];
    await Promise.all([rig.store.append(good, soon()), rig.store.append(broken, soon())]);
    await rig.db
      .collection("events")
      .updateOne({ "m.h": broken.hash }, { $set: { n: 9 } }, { bypassDocumentValidation: true });
    const answers = await Promise.allSettled([
      rig.store.find(["no-uuid"]),
      rig.store.find([broken.id]),
      rig.store.find([good.id]),
      rig.store.append(commitAfter(broken, { id: broken.id }), soon()),
    ]);
    expect(answers).toMatchObject([
      { reason: { code: "COMMIT_INVALID" } },
      { reason: { code: "HISTORY_MALFORMED" } },
      { value: new Map([[good.id, good]]) },
      { reason: { code: "HISTORY_MALFORMED" } },
    ]);
  });

  it("names a gap instead of handing out half a history", async () => {
    const [first, , third] = chainOf(3) as [Commit, Commit, Commit];
    await rig.store.append(first, soon());
    await rig.store.append(third, soon());
    await expect(rig.store.read(first.stream, 0)).rejects.toMatchObject({
      code: "HISTORY_GAP",
      version: 2,
    });
  });
});
