import type { Document } from "mongodb";
import { beforeAll, describe, expect, it } from "vitest";
import { aggregates, type EntityState, type OrderContext } from "../../machines/index.ts";
import { evolveMarked } from "../../projections/evolve.ts";
import type { Step } from "../../projections/facts.ts";
import { askDay, dayOf, ORDER_DAYS, type DayMarks } from "../../projections/day-marks.ts";
import { ordersOfDay, staysOfDay } from "../../projections/order-days.ts";
import { revenueFacts, stayFacts } from "../../projections/order-facts.ts";
import { createOrderReadModel, type OrderReadModel } from "../../projections/order-reads.ts";
import { ordersProjection } from "../../projections/orders.ts";
import { byNameStages, byTimeStages, matching } from "../../projections/revenue-report.ts";
import type { MarkedView } from "../../projections/view.ts";
import { createViewTable, type ViewTable } from "../../projections/view-table.ts";
import { walk } from "../machines/walk/walk.ts";
import { testDatabase } from "../support/servers.ts";
import { stagesOf } from "./plans.ts";

/** Refunds are rare in walks: these have some, most of them of a part. */
const SEEDS = [
  ...[220, 234, 238, 532, 609, 637, 688, 701, 743, 766, 770, 806, 814, 865, 901, 986, 998, 1014],
  ...[92, 93, 128, 146, 206, 214, 274, 280, 312, 357, 372, 389, 394, 399, 451, 480, 523, 531],
  ...Array.from({ length: 24 }, (_, seed) => seed),
];
const START = Date.parse("2026-10-24T20:00:00.000Z");
/** Uneven, so that orders lie on many days and over the end of summer time. */
const STEP_MS = 47 * 60_000;
const period = {
  currency: "EUR",
  from: "2026-10-01T00:00:00.000Z",
  before: "2027-03-01T00:00:00.000Z",
};

/** The orders of random walks: partly cancelled, refunded, returned, and retried. */
function randomOrders(): { readonly views: MarkedView[]; readonly steps: Step[] } {
  const views: MarkedView[] = [];
  const steps: Step[] = [];
  for (const [index, seed] of SEEDS.entries()) {
    for (const { aggregate, id: stream, events } of walk(seed).entities.values()) {
      if (aggregate !== "order") continue;
      let before: MarkedView | null = null;
      for (const [nth, event] of events.entries()) {
        const at = new Date(START + (index * 7 + nth) * STEP_MS).toISOString();
        const placed = { stream, version: nth + 1, at, event };
        const after: MarkedView = evolveMarked(aggregates.order, before, placed);
        steps.push({ before, placed, after });
        before = after;
      }
      if (before !== null) views.push(before);
    }
  }
  return { views, steps };
}

const { views, steps } = randomOrders();
const contextOf = (view: MarkedView): OrderContext =>
  (view.state as EntityState<OrderContext>).context;
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
const captured = sum(views.map((view) => contextOf(view).money.captured));
const refunded = sum(views.map((view) => contextOf(view).money.refunded));
const ledger = { gross: captured, refunds: refunded, net: captured - refunded };

let table: ViewTable;
let orders: OrderReadModel;

beforeAll(async () => {
  const { db } = await testDatabase();
  table = createViewTable(db, ordersProjection);
  orders = createOrderReadModel(table);
  await table.prepare();
  const days = [...views.map((view) => view.createdAt), ...steps.map(({ placed }) => placed.at)];
  await table.land(views, { steps, days: days.map(dayOf) });
});

describe("revenue", () => {
  it("of each order is its ledger, line by line never less than nothing", () => {
    const facts = new Map<string, { gross: number; refund: number; lines: Map<string, number> }>();
    for (const step of steps) {
      for (const fact of revenueFacts.documentsOf(step)) {
        const id = String(fact["order"]);
        const known = facts.get(id) ?? { gross: 0, refund: 0, lines: new Map<string, number>() };
        const [gross, refund] = [Number(fact["gross"]), Number(fact["refund"])];
        const sku = String(fact["sku"]);
        known.lines.set(sku, (known.lines.get(sku) ?? 0) + gross - refund);
        facts.set(id, { ...known, gross: known.gross + gross, refund: known.refund + refund });
        expect(Math.min(gross, refund, ...known.lines.values())).toBeGreaterThanOrEqual(0);
      }
    }
    for (const view of views) {
      const { money } = contextOf(view);
      const { gross = 0, refund = 0 } = facts.get(view.id) ?? {};
      expect([gross, refund]).toEqual([money.captured, money.refunded]);
    }
    expect(refunded).toBeGreaterThan(0);
    expect(refunded).toBeLessThan(captured);
  });

  it("adds up to all ledgers in every report, and facts written twice count once", async () => {
    await table.land(views, { steps });
    const { revenue } = orders;
    expect(await revenue.total(period)).toEqual(ledger);
    const parts = [
      await revenue.byProduct(period),
      await revenue.byCategory(period),
      await revenue.byTime(period, "DAY", "Europe/Berlin"),
      await revenue.byTime(period, "WEEK", "America/New_York"),
      await revenue.byTime(period, "MONTH", "Asia/Kathmandu"),
    ];
    for (const part of parts) {
      expect(part.length).toBeGreaterThan(0);
      expect(sum(part.map((one) => one.gross))).toBe(captured);
      expect(sum(part.map((one) => one.refunds))).toBe(refunded);
      expect(sum(part.map((one) => one.net))).toBe(captured - refunded);
    }
  });

  it("of a day is what fell on that day of the zone, also when the clocks change", async () => {
    const days = await orders.revenue.byTime(period, "DAY", "Europe/Berlin");
    const berlin = new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin", dateStyle: "short" });
    const expected = new Map<string, number>();
    for (const step of steps) {
      const gross = sum(revenueFacts.documentsOf(step).map((fact) => Number(fact["gross"])));
      const day = berlin.format(new Date(step.placed.at));
      if (gross > 0) expected.set(day, (expected.get(day) ?? 0) + gross);
    }
    const found = days.filter(({ gross }) => gross > 0);
    expect(found.map(({ start, gross }) => [berlin.format(new Date(start)), gross])).toEqual(
      [...expected].sort(([left], [right]) => (left < right ? -1 : 1)),
    );
    // Midnight in Berlin is an hour later by UTC once summer time has ended.
    expect(found.every(({ start }) => /T2[23]:00:00/.test(start))).toBe(true);
  });

  it("refuses periods and time zones that are none", async () => {
    const backwards = { ...period, from: period.before, before: period.from };
    const endless = { ...period, before: "2099-01-01T00:00:00.000Z" };
    for (const asked of [
      orders.revenue.total(backwards),
      orders.revenue.total(endless),
      orders.revenue.byTime(endless, "DAY", "UTC"),
      orders.revenue.byTime(period, "DAY", "Nowhere/None"),
      orders.revenue.byTime(period, "DAY", "$at"),
      orders.revenue.byTime(period, "DAY", ""),
    ]) {
      await expect(asked).rejects.toMatchObject({ code: "PERIOD_INVALID" });
    }
  });
});

describe("statistics", () => {
  const all = { from: "2026-10-01", through: "2027-03-01" };

  it("count the orders of the days as they are, and keep what they counted", async () => {
    const statistics = await orders.statistics(all);
    expect(statistics.count).toBe(views.length);
    expect(sum(statistics.byStatus.map(({ count }) => count))).toBe(views.length);
    expect(sum(statistics.byDay.map(({ count }) => count))).toBe(views.length);
    const ended = steps.flatMap(stayFacts.documentsOf);
    for (const { status, count, averageMs } of statistics.timeInStatus) {
      const ofStatus = ended.filter((fact) => fact["status"] === status);
      expect(count).toBe(ofStatus.length);
      const average = sum(ofStatus.map((fact) => Number(fact["ms"]))) / ofStatus.length;
      expect(averageMs).toBe(Math.round(average));
    }
    expect(await orders.statistics(all)).toEqual(statistics);
    const { beside } = await table.collections();
    const days = await beside(ORDER_DAYS).find().toArray();
    for (const { counted, marks } of days) expect(counted).toMatchObject({ marks });
  });

  it("count again what was marked, and nothing else", async () => {
    await orders.statistics(all);
    const { beside } = await table.collections();
    // A wrong figure that is kept shows which days were counted again.
    await beside(ORDER_DAYS).updateMany({}, { $set: { "counted.orders": [] } });
    expect(await orders.count({})).toBe(0);
    const [view] = views;
    if (view === undefined) throw new Error("there is an order");
    await table.land([], { days: [dayOf(view.createdAt)] });
    const sameDay = views.filter((one) => dayOf(one.createdAt) === dayOf(view.createdAt));
    expect(await orders.count({})).toBe(sameDay.length);
    await table.land([], { days: views.map((one) => dayOf(one.createdAt)) });
    expect(await orders.count({})).toBe(views.length);
  });

  it("mark a day anew only where somebody has counted it, or may be counting", async () => {
    const { beside } = await table.collections();
    const days = beside<DayMarks>(ORDER_DAYS);
    const [view] = views;
    const day = dayOf(view?.createdAt ?? "");
    const marksAfter = async (): Promise<number> => {
      await table.land([], { days: [day] });
      return (await days.findOne({ _id: day }))?.marks ?? 0;
    };
    await orders.statistics(all);
    const marked = await marksAfter();
    expect(await marksAfter()).toBe(marked);
    expect(await askDay(days, day)).toBe(marked);
    expect(await marksAfter()).toBe(marked + 1);
    // Who was counting has died: until somebody else is through, every write marks.
    expect(await marksAfter()).toBe(marked + 2);
    await orders.statistics(all);
    expect(await marksAfter()).toBe(marked + 3);
    expect(await marksAfter()).toBe(marked + 3);
    expect(await askDay(days, "1999-01-01")).toBeNull();
  });

  it("miss nothing that is written while they are counted, by several at once", async () => {
    const other = createViewTable((await testDatabase()).db, ordersProjection);
    const reads = [1, 2, 3].map(() => createOrderReadModel(other));
    await other.prepare();
    let isWriting = true;
    const counting = reads.map(async (one) => {
      while (isWriting) await one.count({});
    });
    for (const view of views.slice(0, 60)) {
      await other.land([view], { days: [dayOf(view.createdAt)] });
      // What is written when it is told can be read from then on.
      const seen = await reads[0]?.count({});
      expect(seen).toBe(views.indexOf(view) + 1);
    }
    isWriting = false;
    await Promise.all(counting);
    for (const one of reads) expect(await one.count({})).toBe(60);
  });

  it("refuse a period that ends before it begins or has no end", async () => {
    for (const asked of [
      { from: "2026-02-01", through: "2026-01-01" },
      { from: "0001-01-01", through: "9999-12-31" },
    ]) {
      await expect(orders.statistics(asked)).rejects.toMatchObject({ code: "PERIOD_INVALID" });
    }
  });

  it("and reports are answered by indexes alone", async () => {
    const { rows, beside } = await table.collections();
    const within = { $gte: new Date(period.from), $lt: new Date(period.before) };
    const revenue = beside(revenueFacts.name);
    const report = (stages: Document[]) =>
      revenue.aggregate([{ $match: matching(period) }, ...stages]).explain("queryPlanner");
    const plans = [
      await rows.aggregate(ordersOfDay(within)).explain("queryPlanner"),
      await beside(stayFacts.name).aggregate(staysOfDay(within)).explain("queryPlanner"),
      await report(byTimeStages("DAY", "Europe/Berlin")),
      await report(byNameStages("$sku")),
      await report(byNameStages("$category")),
    ];
    for (const plan of plans) {
      const stages = stagesOf(plan);
      expect(stages).toContain("IXSCAN");
      expect(stages).not.toContain("COLLSCAN");
      expect(stages).not.toContain("FETCH");
    }
  });
});
