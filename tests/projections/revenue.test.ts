import type { Document } from "mongodb";
import { beforeAll, describe, expect, it } from "vitest";
import { dayOf, ORDER_DAYS } from "../../projections/day-marks.ts";
import { revenueFacts } from "../../projections/order-facts.ts";
import { createOrderReadModel, type OrderReadModel } from "../../projections/order-reads.ts";
import { ordersProjection } from "../../projections/orders.ts";
import { factsIn, quarterOf, revenueSources, sumsBy } from "../../projections/revenue-days.ts";
import { byNameStages, byTimeStages, revenueRows } from "../../projections/revenue-report.ts";
import { createViewTable, type ViewTable } from "../../projections/view-table.ts";
import { testDatabase } from "../support/servers.ts";
import { stagesOf } from "./plans.ts";
import {
  STEP_MS,
  allDays,
  captured,
  contextOf,
  ledger,
  period,
  refunded,
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

  it("of a period that begins and ends within days is what fell into it", async () => {
    const facts = steps.flatMap(revenueFacts.documentsOf);
    const times = facts.map((fact) => (fact["at"] as Date).getTime()).sort((a, b) => a - b);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    for (let share = 0; share < 1; share += 0.13) {
      const from = first + Math.floor((last - first) * share);
      for (const lengthMs of [1, STEP_MS * 9, 86_400_000, 86_400_000 * 3.4, last]) {
        const before = Math.min(from + lengthMs, first + 86_400_000 * 300);
        const asked = {
          currency: "EUR",
          from: new Date(from).toISOString(),
          before: new Date(before).toISOString(),
        };
        const inIt = facts.filter(({ at }) => Number(at) >= from && Number(at) < before);
        const { gross, refunds } = await orders.revenue.total(asked);
        expect(gross).toBe(sum(inIt.map((fact) => Number(fact["gross"]))));
        expect(refunds).toBe(sum(inIt.map((fact) => Number(fact["refund"]))));
        const byProduct = await orders.revenue.byProduct(asked);
        expect(sum(byProduct.map((one) => one.gross))).toBe(gross);
      }
    }
  });

  it("of a day is kept, and counted again when it was marked", async () => {
    expect(await orders.revenue.total(period)).toEqual(ledger);
    const { beside } = await table.collections();
    // A wrong figure that is kept shows which days were counted again.
    await beside(ORDER_DAYS).updateMany({}, { $set: { "revenue.EUR.byQuarter": [] } });
    expect(await orders.revenue.total(period)).toMatchObject({ gross: 0, refunds: 0 });
    await orders.statistics(allDays);
    expect(await orders.revenue.total(period)).toMatchObject({ gross: 0, refunds: 0 });
    await table.land([], { days: steps.map(({ placed }) => dayOf(placed.at)) });
    await orders.statistics(allDays);
    expect(await orders.revenue.total(period)).toEqual(ledger);
  });

  it("of a day with more products than are kept is read from the facts", async () => {
    const own = createViewTable((await testDatabase()).db, ordersProjection);
    await own.prepare();
    const { beside } = await own.collections();
    const { revenue } = createOrderReadModel(own);
    const at = new Date("2025-05-05T05:05:05.000Z");
    const products = Array.from({ length: 2_001 }, (_, nth) => ({
      _id: `many/${String(nth)}` as never,
      ...{ at, currency: "EUR", category: "tea", sku: `SKU-${String(nth)}`, gross: 2, refund: 1 },
    }));
    await beside(revenueFacts.name).insertMany(products);
    await own.land([], { days: [dayOf(at)] });
    const asked = {
      ...period,
      from: "2025-05-01T00:00:00.000Z",
      before: "2025-06-01T00:00:00.000Z",
    };
    for (let time = 0; time < 2; time += 1) {
      expect(await revenue.total(asked)).toEqual({
        gross: 4_002,
        refunds: 2_001,
        net: 2_001,
      });
      expect(await revenue.byCategory(asked)).toMatchObject([{ gross: 4_002 }]);
    }
    expect(await beside(ORDER_DAYS).findOne({ _id: dayOf(at) as never })).not.toHaveProperty(
      "revenue",
    );
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

  it("is answered by indexes alone", async () => {
    const collections = await table.collections();
    const { beside } = collections;
    const span = [new Date("2026-10-30T10:00:00.000Z"), new Date(period.before)] as const;
    const sources = await revenueSources(collections, "EUR", span);
    const facts = beside(revenueFacts.name);
    const report = (part: "byQuarter" | "byProduct", stages: Document[]) => {
      const rows = revenueRows({ currency: "EUR", part, facts: facts.collectionName }, sources);
      return beside(ORDER_DAYS)
        .aggregate([...rows, ...stages])
        .explain("queryPlanner");
    };
    const plans = [
      await report("byQuarter", byTimeStages("DAY", "Europe/Berlin")),
      await report("byProduct", byNameStages("$sku")),
      await report("byProduct", byNameStages("$category")),
    ];
    for (const plan of plans) {
      // The days that are kept, and the facts of the first, which is not whole.
      expect(stagesOf(plan).filter((stage) => stage === "IXSCAN")).toHaveLength(2);
      expect(stagesOf(plan)).not.toContain("COLLSCAN");
    }
    const counting = [{ $match: factsIn("EUR", span) }, sumsBy(quarterOf)];
    const stages = stagesOf(await facts.aggregate(counting).explain("queryPlanner"));
    expect(stages).toContain("IXSCAN");
    expect(stages).not.toContain("FETCH");
  });
});
