import { describe, expect, it } from "vitest";
import { seeded } from "../../cli/seeded.ts";
import type { FeedItem } from "../../projections/index.ts";
import { productMatches } from "../../projections/index.ts";
import { eventually } from "../support/servers.ts";
import { eventIds, idsByEntity, openFeedRig, readFeed, type FeedRig } from "./feed-rig.ts";
import {
  createHistory,
  discontinued,
  orderCreated,
  priceChanged,
  productCreated,
  published,
  stockAdjusted,
  unknownEvent,
  type History,
} from "./history.ts";

const isCaughtUp = (item: FeedItem): boolean => item.kind === "caughtUp";
const isReset = (item: FeedItem): boolean => item.kind === "reset";

/** Appends events over 25 products, mostly one a commit. */
async function grow(rig: FeedRig, history: History, count: number): Promise<void> {
  const from = history.commits.length;
  const known = new Set(history.commits.map((commit) => commit.stream));
  for (let index = 0; index < count; index += 1) {
    const sku = `TEA-${String((from + index) % 25)}`;
    const isNew = known.size < 25;
    const commit = isNew
      ? history.product(sku, productCreated(sku), published)
      : history.product(sku, stockAdjusted(1 + (index % 7)));
    known.add(commit.stream);
  }
  await rig.append(history.commits.slice(from));
}

describe("a feed", () => {
  it("says that it is caught up, then gives each event with the view right after it", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const reader = readFeed(rig.projections.feed, { aggregate: "product" });
    expect((await reader.next()).kind).toBe("caughtUp");
    history.order("ORDER-1", orderCreated("ORDER-1"));
    history.product("TEA-1", productCreated("TEA-1"), published);
    history.product("TEA-1", priceChanged(990));
    await rig.append(history.commits);
    const items = await reader.until((item) => item.kind === "event" && item.event.version === 3);
    const events = items.filter((item) => item.kind === "event");
    expect(events.map(({ event, view, change }) => [event.type, view.version, change])).toEqual([
      ["ProductCreated", 1, "CHANGED"],
      ["ProductPublished", 2, "CHANGED"],
      ["PriceChanged", 3, "CHANGED"],
    ]);
    expect(events[1]?.view.state.value).toMatchObject({ lifecycle: "active" });
    expect(events[2]?.view.state.context).toMatchObject({ price: { minor: 990 } });
  });

  it("tells how an event moves an entity in and out of a filter", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const matches = productMatches({ status: ["ACTIVE"] });
    const reader = readFeed(rig.projections.feed, { aggregate: "product", matches });
    await reader.until(isCaughtUp);
    const changes: string[] = [];
    for (const [sku, ...events] of [
      ["TEA-1", productCreated("TEA-1"), published, priceChanged(990), discontinued],
      ["TEA-2", productCreated("TEA-2"), published],
    ] as const) {
      for (const event of events) history.product(sku, event);
      await rig.append(history.commits.slice(-events.length));
      const isLast = (item: FeedItem): boolean =>
        item.kind === "event" && item.view.version === events.length;
      for (const item of await reader.until(isLast)) {
        if (item.kind === "event") changes.push(`${item.event.type} ${item.change}`);
      }
    }
    expect(changes).toEqual([
      "ProductPublished ENTERED",
      "PriceChanged CHANGED",
      "ProductDiscontinued LEFT",
      "ProductPublished ENTERED",
    ]);
  });

  it("passes over an entity that cannot be folded while the others flow", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const reader = readFeed(rig.projections.feed, { aggregate: "product" });
    await reader.until(isCaughtUp);
    history.product("BAD-1", productCreated("BAD-1"));
    history.product("BAD-1", unknownEvent);
    history.product("BAD-1", published);
    history.product("TEA-1", productCreated("TEA-1"));
    await rig.append(history.commits);
    const firsts = new Set([""]);
    // Entities keep their own order only, so either may come first.
    await reader.until((item) => firsts.add(eventIds([item]).join("")).size === 3);
    history.product("TEA-1", published);
    await rig.append(history.commits.slice(-1));
    const [next] = eventIds(await reader.until((item) => item.kind === "event"));
    const [bad, tea] = [history.commits[0]?.stream ?? "", history.commits[3]?.stream ?? ""];
    expect(firsts).toEqual(new Set(["", `${bad}/1`, `${tea}/1`]));
    expect(next).toBe(`${tea}/2`);
    await eventually(() => rig.projections.status()[1]?.parkedEntities === 1);
  });

  it("moves the cursor of a quiet filter on", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const matches = () => false;
    const reader = readFeed(rig.projections.feed, { aggregate: "product", matches });
    const first = await reader.next();
    await grow(rig, history, 30);
    const items = await reader.until((item) => item.cursor !== first.cursor);
    expect(items.every(isCaughtUp)).toBe(true);
  });

  it("misses and repeats nothing over 100 random cuts while projectors restart", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const random = seeded(20_261_123);
    let reader = readFeed(rig.projections.feed, { aggregate: "product" });
    const [start] = await reader.until(isCaughtUp);
    let cursor = start?.cursor ?? "";
    const received: string[] = [];
    let cuts = 0;
    let appending = Promise.resolve();
    for (let round = 0; round < 10; round += 1) {
      appending = appending.then(() => grow(rig, history, 100));
      for (let cut = 0; cut < 10; cut += 1) {
        const wanted = 1 + Math.floor(random() * 15);
        for (let taken = 0; taken < wanted; taken += 1) {
          const item = await reader.next();
          expect(item.kind).not.toBe("reset");
          cursor = item.cursor;
          received.push(...eventIds([item]));
        }
        await reader.stop();
        if (cut === 5) await rig.restartProjections();
        reader = readFeed(rig.projections.feed, { aggregate: "product", after: cursor });
        cuts += 1;
      }
    }
    await appending;
    const expected = idsByEntity(history.commits);
    while (received.length < expected.length) received.push(...eventIds([await reader.next()]));
    expect(cuts).toBe(100);
    expect(new Set(received).size).toBe(received.length);
    expect([...received].sort()).toEqual([...expected].sort());
    const versions = new Map<string, number>();
    for (const id of received) {
      const [stream = "", version] = id.split("/");
      expect(Number(version)).toBe((versions.get(stream) ?? 0) + 1);
      versions.set(stream, Number(version));
    }
  });

  it("serves one that is far behind from the stream, then from what all share", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const slow = readFeed(rig.projections.feed, { aggregate: "product" });
    await slow.until(isCaughtUp);
    const quick = readFeed(rig.projections.feed, { aggregate: "product" });
    await quick.until(isCaughtUp);
    await grow(rig, history, 1_500);
    const expected = idsByEntity(history.commits);
    const isLast = (item: FeedItem): boolean => item.kind === "event" && (left -= 1) === 0;
    let left = expected.length;
    const order = eventIds(await quick.until(isLast));
    left = expected.length;
    expect(eventIds(await slow.until(isLast))).toEqual(order);
    expect([...order].sort()).toEqual([...expected].sort());
  });

  it("waits while NATS is away and goes on by itself", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const reader = readFeed(rig.projections.feed, { aggregate: "product" });
    await reader.until(isCaughtUp);
    await grow(rig, history, 40);
    await rig.nats.stop();
    await grow(rig, history, 40);
    await rig.nats.restart();
    await grow(rig, history, 40);
    const expected = idsByEntity(history.commits);
    const received: string[] = [];
    while (received.length < expected.length) {
      const item = await reader.next();
      expect(item.kind).not.toBe("reset");
      received.push(...eventIds([item]));
    }
    expect([...received].sort()).toEqual([...expected].sort());
  });

  it("starts over when the stream was wiped, and nothing is missing after the views", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const reader = readFeed(rig.projections.feed, { aggregate: "product" });
    await reader.until(isCaughtUp);
    await grow(rig, history, 60);
    let count = idsByEntity(history.commits).length;
    const before = await reader.until((item) => item.kind === "event" && (count -= 1) === 0);
    const cursor = before.at(-1)?.cursor ?? "";
    await rig.nats.wipe();
    const reset = (await reader.until(isReset)).at(-1);
    expect(reset).toMatchObject({ kind: "reset", reason: "STREAM_CHANGED" });
    await grow(rig, history, 30);
    const late = readFeed(rig.projections.feed, { aggregate: "product", after: cursor });
    expect(await late.next()).toMatchObject({ kind: "reset" });
    const heads = new Map<string, number>();
    for (const commit of history.commits) heads.set(commit.stream, commit.version);
    const seen = new Map<string, number>();
    const { rows } = await rig.projections.products.list({ first: 100 });
    for (const { view } of rows) seen.set(view.id, view.version);
    while ([...heads].some(([stream, version]) => (seen.get(stream) ?? 0) < version)) {
      const item = await reader.next();
      // The reader's part of the procedure: what the views have already is dropped.
      if (item.kind !== "event" || item.event.version <= (seen.get(item.view.id) ?? 0)) continue;
      expect(item.event.version).toBe((seen.get(item.view.id) ?? 0) + 1);
      seen.set(item.view.id, item.event.version);
    }
  });

  it("resets a cursor whose message has expired", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    const reader = readFeed(rig.projections.feed, { aggregate: "product" });
    await reader.until(isCaughtUp);
    await grow(rig, history, 30);
    // 25 products of two events and five of one: all are stored before the oldest are dropped.
    let eventsToCome = 55;
    const items = await reader.until((item) => item.kind === "event" && --eventsToCome === 0);
    const after = items[0]?.cursor ?? "";
    await rig.expire(10);
    const late = readFeed(rig.projections.feed, { aggregate: "product", after });
    expect(await late.next()).toMatchObject({ kind: "reset", reason: "CURSOR_EXPIRED" });
    await late.until(isCaughtUp);
  });

  it("ends its readers when it is closed", async () => {
    const rig = await openFeedRig();
    const reader = readFeed(rig.projections.feed, { aggregate: "product" });
    await reader.until(isCaughtUp);
    await rig.projections.close();
    await expect(reader.until(() => false)).rejects.toThrow("the feed has ended");
  });

  it("answers a forged or foreign cursor with a reset that can be resumed from", async () => {
    const rig = await openFeedRig();
    const history = createHistory();
    await grow(rig, history, 30);
    await eventually(async () => (await rig.projections.products.count({})) === 25);
    const forged: [string, string][] = [
      ["", "CURSOR_INVALID"],
      ["nonsense", "CURSOR_INVALID"],
      ["x".repeat(10_000), "CURSOR_INVALID"],
      [encoded([-1, "", 0]), "CURSOR_INVALID"],
      [encoded([1, "", 0, 1]), "CURSOR_INVALID"],
      [encoded({ sequence: 1 }), "CURSOR_INVALID"],
      [encoded([3, "AAAAAAAAAAAAAAAA", 5]), "STREAM_CHANGED"],
      [encoded([4_000_000, "AAAAAAAAAAAAAAAA", 5]), "STREAM_CHANGED"],
      [encoded([0, "", 5]), "STREAM_CHANGED"],
    ];
    for (const [after, reason] of forged) {
      const reader = readFeed(rig.projections.feed, { aggregate: "product", after });
      const reset = await reader.next();
      expect(reset).toMatchObject({ kind: "reset", reason });
      await reader.stop();
      const again = readFeed(rig.projections.feed, { aggregate: "product", after: reset.cursor });
      expect(await again.next()).not.toMatchObject({ kind: "reset" });
      await again.stop();
    }
  });
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
