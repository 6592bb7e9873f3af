import type { Document } from "mongodb";
import type { OrderStatus } from "../machines/index.ts";
import { countDays, ORDER_DAYS, type DayMarks, type Kept } from "./day-marks.ts";
import { stayFacts } from "./order-facts.ts";
import { reading, QUERY_TIME_MAX_MS } from "./reading.ts";
import type { Collections, ViewTable } from "./view-table.ts";

const DAY_MS = 86_400_000;

/** Orders that were created on a day, as they are now. */
interface DayOrders {
  readonly status: OrderStatus;
  readonly currency: string;
  readonly count: number;
  readonly totalMinor: number;
}

/** Statuses that ended on a day. */
interface DayStays {
  readonly status: OrderStatus;
  readonly count: number;
  readonly ms: number;
}

/** What is known of one day of UTC. */
export interface OrderDay {
  /** Such as 2026-11-25. */
  readonly day: string;
  readonly orders: readonly DayOrders[];
  readonly stays: readonly DayStays[];
}

type Figures = Omit<OrderDay, "day">;

interface DayDocument extends DayMarks {
  readonly counted?: Kept<Figures>;
}

/**
 * The days from one to another (exclusive) on which anything was. A day is counted from indexes
 * when it is first asked for after a change and kept, so that the past is not counted again.
 */
export async function readDays(
  table: ViewTable,
  { from, before }: { readonly from: string; readonly before: string },
): Promise<OrderDay[]> {
  const collections = await reading(() => table.collections());
  const days = collections.beside<DayDocument>(ORDER_DAYS);
  const found = await reading(() =>
    days
      .find({ _id: { $gte: from, $lt: before } }, { maxTimeMS: QUERY_TIME_MAX_MS })
      .project<DayDocument>({ marks: 1, counted: 1 })
      .sort({ _id: 1 })
      .toArray(),
  );
  const stale = found.filter(({ marks, counted }) => counted?.marks !== marks);
  const fresh = await countDays(
    collections.beside<DayMarks>(ORDER_DAYS),
    stale.map(({ _id }) => _id),
    { field: "counted", count: (day) => countDay(collections, day) },
  );
  return found.flatMap(({ _id: day, counted }) => {
    const figures = fresh.get(day)?.figures ?? counted;
    return figures === undefined ? [] : [{ day, orders: figures.orders, stays: figures.stays }];
  });
}

async function countDay({ rows, beside }: Collections, day: string): Promise<Figures> {
  const start = new Date(`${day}T00:00:00.000Z`);
  const within = { $gte: start, $lt: new Date(start.getTime() + DAY_MS) };
  const limits = { maxTimeMS: QUERY_TIME_MAX_MS };
  const [orders, stays] = await Promise.all([
    reading(() => rows.aggregate<DayOrders>(ordersOfDay(within), limits).toArray()),
    reading(() => beside(stayFacts.name).aggregate<DayStays>(staysOfDay(within), limits).toArray()),
  ]);
  return { orders, stays };
}

/** Answered by the index that starts with `createdAt` alone. */
export function ordersOfDay(createdAt: Document): Document[] {
  const by = { status: "$index.status", currency: "$index.currency" };
  return [
    { $match: { createdAt } },
    { $group: { _id: by, count: { $sum: 1 }, totalMinor: { $sum: "$index.totalMinor" } } },
    { $sort: { _id: 1 } },
    {
      $project: {
        _id: 0,
        status: "$_id.status",
        currency: "$_id.currency",
        count: 1,
        totalMinor: 1,
      },
    },
  ];
}

/** Answered by the one index of the facts alone. */
export function staysOfDay(leftAt: Document): Document[] {
  return [
    { $match: { leftAt } },
    { $group: { _id: "$status", count: { $sum: 1 }, ms: { $sum: "$ms" } } },
    { $sort: { _id: 1 } },
    { $project: { _id: 0, status: "$_id", count: 1, ms: 1 } },
  ];
}
