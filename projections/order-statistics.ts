import type { OrderStatus } from "../machines/index.ts";
import { countRows } from "./count-rows.ts";
import { ProjectionError } from "./errors.ts";
import { dayOf } from "./day-marks.ts";
import { readDays, type OrderDay } from "./order-days.ts";
import { orderFilter, type OrderWhere } from "./orders.ts";
import type { ViewTable } from "./view-table.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 3_660;
const DAYS_DEFAULT = 30;
/** Before and after every day that can be. */
const EVER = { from: "", before: "~" };

/** How many orders, and what they cost in each currency. */
export interface OrderSums {
  readonly count: number;
  readonly sums: readonly {
    readonly currency: string;
    readonly count: number;
    readonly minor: number;
  }[];
}

/** Days of UTC, both included. */
export interface StatisticsPeriod {
  readonly from: string;
  readonly through: string;
}

/** How many orders have a status, and what they come to in each currency. */
export interface StatusSums extends OrderSums {
  readonly status: OrderStatus;
}

/** Orders created in a period, as they are now, and the statuses that ended in it. */
export interface OrderStatistics extends OrderSums {
  readonly period: StatisticsPeriod;
  readonly byStatus: readonly StatusSums[];
  readonly byDay: readonly (OrderSums & { readonly day: string })[];
  readonly timeInStatus: readonly {
    readonly status: OrderStatus;
    readonly count: number;
    readonly averageMs: number;
  }[];
}

/** Throws `PERIOD_INVALID`, or as every read. Costs one small row for each day. */
export async function readStatistics(
  table: ViewTable,
  asked: Partial<StatisticsPeriod>,
  now: Date,
): Promise<OrderStatistics> {
  const period = periodOf(asked, now);
  const before = dayOf(new Date(Date.parse(period.through) + DAY_MS));
  const days = await readDays(table, { from: period.from, before });
  const all = days.flatMap(({ orders }) => orders);
  const stays = grouped(
    days.flatMap((day) => day.stays),
    ({ status }) => status,
  );
  return {
    period,
    ...sumsOf(all),
    byStatus: byStatusOf(all),
    byDay: days
      .filter(({ orders }) => orders.length > 0)
      .map(({ day, orders }) => ({ day, ...sumsOf(orders) })),
    timeInStatus: [...stays]
      .map(([status, ended]) => {
        const count = ended.reduce((sum, stay) => sum + stay.count, 0);
        const ms = ended.reduce((sum, stay) => sum + stay.ms, 0);
        return { status, count, averageMs: Math.round(ms / count) };
      })
      .sort(byName),
  };
}

/** By status all orders that there are. */
export async function readAllTime(table: ViewTable): Promise<readonly StatusSums[]> {
  const days = await readDays(table, EVER);
  return byStatusOf(days.flatMap(({ orders }) => orders));
}

function byStatusOf(orders: OrderDay["orders"]): OrderStatistics["byStatus"] {
  return [...grouped(orders, ({ status }) => status)]
    .map(([status, some]) => ({ status, ...sumsOf(some) }))
    .sort(byName);
}

function periodOf(asked: Partial<StatisticsPeriod>, now: Date): StatisticsPeriod {
  const through = asked.through ?? dayOf(now);
  const end = Date.parse(through);
  const from = asked.from ?? dayOf(new Date(end - (DAYS_DEFAULT - 1) * DAY_MS));
  const days = (end - Date.parse(from)) / DAY_MS + 1;
  if (!(days >= 1 && days <= DAYS_MAX)) {
    const message = `A period has 1 to ${DAYS_MAX} days, its first before its last`;
    throw new ProjectionError("PERIOD_INVALID", message);
  }
  return { from, through };
}

function grouped<Key, Row>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

function byName(left: { readonly status: string }, right: { readonly status: string }): number {
  return left.status < right.status ? -1 : 1;
}

function sumsOf(orders: OrderDay["orders"]): OrderSums {
  const sums = [...grouped(orders, ({ currency }) => currency)].map(([currency, some]) => ({
    currency,
    count: some.reduce((sum, { count }) => sum + count, 0),
    minor: some.reduce((sum, { totalMinor }) => sum + totalMinor, 0),
  }));
  sums.sort((left, right) => (left.currency < right.currency ? -1 : 1));
  return { count: sums.reduce((sum, { count }) => sum + count, 0), sums };
}

/**
 * How many orders there are. A customer's are counted by index; those of all are added up by day,
 * and only the days at both ends of a period are counted one by one.
 */
export async function countOrders(table: ViewTable, where: OrderWhere): Promise<number> {
  if (where.customerId !== undefined) return countRows(table, orderFilter(where));
  const from = where.createdFrom === undefined ? -Infinity : Date.parse(where.createdFrom);
  const before = where.createdBefore === undefined ? Infinity : Date.parse(where.createdBefore);
  if (from >= before) return 0;
  const wholeFrom = Math.ceil(from / DAY_MS) * DAY_MS;
  const wholeBefore = Math.floor(before / DAY_MS) * DAY_MS;
  if (wholeFrom >= wholeBefore) return countRows(table, orderFilter(where));
  const [whole, ...edges] = await Promise.all([
    readDays(table, {
      from: Number.isFinite(wholeFrom) ? dayOf(new Date(wholeFrom)) : EVER.from,
      before: Number.isFinite(wholeBefore) ? dayOf(new Date(wholeBefore)) : EVER.before,
    }),
    ...[
      [from, wholeFrom],
      [wholeBefore, before],
    ].map(([start = 0, end = 0]) => countEdge(table, where, [start, end])),
  ]);
  const wanted = whole
    .flatMap(({ orders }) => orders)
    .filter(({ status }) => where.status?.includes(status) ?? true);
  const inWhole = wanted.reduce((sum, { count }) => sum + count, 0);
  return edges.reduce((sum, count) => sum + count, inWhole);
}

async function countEdge(
  table: ViewTable,
  where: OrderWhere,
  [start, end]: readonly [number, number],
): Promise<number> {
  if (!(start < end)) return 0;
  const createdFrom = new Date(start).toISOString();
  const createdBefore = new Date(end).toISOString();
  return countRows(table, orderFilter({ ...where, createdFrom, createdBefore }));
}
