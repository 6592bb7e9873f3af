import { beforeAll, describe, expect, it } from "vitest";
import { askDay, dayOf, ORDER_DAYS, type DayMarks } from "../../projections/day-marks.ts";
import { ordersOfDay, staysOfDay } from "../../projections/order-days.ts";
import { stayFacts } from "../../projections/order-facts.ts";
import { createOrderReadModel, type OrderReadModel } from "../../projections/order-reads.ts";
import { ordersProjection } from "../../projections/orders.ts";
import { createViewTable, type ViewTable } from "../../projections/view-table.ts";
import { testDatabase } from "../support/servers.ts";
import { stagesOf } from "./plans.ts";
import {
  allDays,
  contextOf,
  period,
  steps,
  storeWalkedOrders,
  sum,
  views,
} from "./walked-orders.ts";

let table: ViewTable;
let orders: OrderReadModel;

beforeAll(async () => {
  table = await storeWalkedOrders();
  orders = createOrderReadModel(table);
});

describe("statistics", () => {
  it("count the orders of the days as they are, and keep what they counted", async () => {
    const statistics = await orders.statistics(allDays);
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
    expect(await orders.statistics(allDays)).toEqual(statistics);
    const { beside } = await table.collections();
    const days = await beside(ORDER_DAYS).find().toArray();
    for (const { counted, marks } of days) expect(counted).toMatchObject({ marks });
  });

  it("count again what was marked, and nothing else", async () => {
    await orders.statistics(allDays);
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
    await orders.statistics(allDays);
    const marked = await marksAfter();
    expect(await marksAfter()).toBe(marked);
    expect(await askDay(days, day)).toBe(marked);
    expect(await marksAfter()).toBe(marked + 1);
    // Who was counting has died: until somebody else is through, every write marks.
    expect(await marksAfter()).toBe(marked + 2);
    await orders.statistics(allDays);
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
      while (isWriting) await Promise.all([one.count({}), one.revenue.total(period)]);
    });
    let gross = 0;
    for (const view of views.slice(0, 60)) {
      const ofView = steps.filter(({ placed }) => placed.stream === view.id);
      const days = [view.createdAt, ...ofView.map(({ placed }) => placed.at)].map(dayOf);
      await other.land([view], { steps: ofView, days });
      gross += contextOf(view).money.captured;
      // What is written when it is told can be read from then on.
      const seen = await reads[0]?.count({});
      expect(seen).toBe(views.indexOf(view) + 1);
      expect((await reads[0]?.revenue.total(period))?.gross).toBe(gross);
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

  it("are answered by indexes alone", async () => {
    const { rows, beside } = await table.collections();
    const within = { $gte: new Date(period.from), $lt: new Date(period.before) };
    const plans = [
      await rows.aggregate(ordersOfDay(within)).explain("queryPlanner"),
      await beside(stayFacts.name).aggregate(staysOfDay(within)).explain("queryPlanner"),
    ];
    for (const plan of plans) {
      const stages = stagesOf(plan);
      expect(stages).toContain("IXSCAN");
      expect(stages).not.toContain("COLLSCAN");
      expect(stages).not.toContain("FETCH");
    }
  });
});
