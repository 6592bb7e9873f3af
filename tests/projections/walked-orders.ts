import { aggregates, type EntityState, type OrderContext } from "../../machines/index.ts";
import { dayOf } from "../../projections/day-marks.ts";
import { evolveMarked } from "../../projections/evolve.ts";
import type { Step } from "../../projections/facts.ts";
import { ordersProjection } from "../../projections/orders.ts";
import type { MarkedView } from "../../projections/view.ts";
import { createViewTable, type ViewTable } from "../../projections/view-table.ts";
import { walk } from "../machines/walk/walk.ts";
import { testDatabase } from "../support/servers.ts";

/** Refunds are rare in walks: these have some, most of them of a part. */
const SEEDS = [
  ...[220, 234, 238, 532, 609, 637, 688, 701, 743, 766, 770, 806, 814, 865, 901, 986, 998, 1014],
  ...[92, 93, 128, 146, 206, 214, 274, 280, 312, 357, 372, 389, 394, 399, 451, 480, 523, 531],
  ...Array.from({ length: 24 }, (_, seed) => seed),
];
const START = Date.parse("2026-10-24T20:00:00.000Z");
/** Uneven, so that orders lie on many days and over the end of summer time. */
export const STEP_MS = 47 * 60_000;
/** In which all of it happened. */
export const period = {
  currency: "EUR",
  from: "2026-10-01T00:00:00.000Z",
  before: "2027-03-01T00:00:00.000Z",
};

/** The same as days. */
export const allDays = { from: "2026-10-01", through: "2027-03-01" };

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

export const { views, steps } = randomOrders();
export const contextOf = (view: MarkedView): OrderContext =>
  (view.state as EntityState<OrderContext>).context;
export const sum = (values: readonly number[]): number =>
  values.reduce((total, one) => total + one, 0);
export const captured = sum(views.map((view) => contextOf(view).money.captured));
export const refunded = sum(views.map((view) => contextOf(view).money.refunded));
export const ledger = { gross: captured, refunds: refunded, net: captured - refunded };

/** Puts them into a read collection of their own, as a projector would. */
export async function storeWalkedOrders(): Promise<ViewTable> {
  const { db } = await testDatabase();
  const table = createViewTable(db, ordersProjection);
  await table.prepare();
  const days = [...views.map((view) => view.createdAt), ...steps.map(({ placed }) => placed.at)];
  await table.land(views, { steps, days: days.map(dayOf) });
  return table;
}
