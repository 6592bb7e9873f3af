import type { Document } from "mongodb";
import { ORDER_DAYS } from "./day-marks.ts";
import { ProjectionError } from "./errors.ts";
import { revenueFacts } from "./order-facts.ts";
import { QUERY_TIME_MAX_MS, reading } from "./reading.ts";
import { factsIn, quarterOf, revenueSources, type RevenueSources } from "./revenue-days.ts";
import type { ViewTable } from "./view-table.ts";

const PERIODS_MAX = 400;
const GROUPS_MAX = 100;
const UNIT_MS = { DAY: 86_400_000, WEEK: 7 * 86_400_000, MONTH: 28 * 86_400_000 };
/** The server's word for a name of a time zone that it does not know. */
const UNKNOWN_TIME_ZONE = 40_485;

export const granularities = ["DAY", "WEEK", "MONTH"] as const;

export type Granularity = (typeof granularities)[number];

/** One currency, because amounts of several do not add up. Moments are ISO 8601 UTC. */
export interface RevenuePeriod {
  readonly currency: string;
  readonly from: string;
  /** Exclusive. */
  readonly before: string;
}

/** Minor units of the report's currency; net is what was taken less what was paid back. */
export interface Revenue {
  readonly gross: number;
  readonly refunds: number;
  readonly net: number;
}

/** What was taken and paid back in a period. Every part is exact and they all add up to `total`. */
export interface RevenueReport {
  total(period: RevenuePeriod): Promise<Revenue>;
  /** Without those in which nothing was; each begins at midnight of the time zone. */
  byTime(
    period: RevenuePeriod,
    unit: Granularity,
    timeZone: string,
  ): Promise<readonly (Revenue & { readonly start: string })[]>;
  /** Highest gross first, the first hundred. */
  byProduct(period: RevenuePeriod): Promise<readonly (Revenue & { readonly sku: string })[]>;
  /** Highest gross first, the first hundred. */
  byCategory(period: RevenuePeriod): Promise<readonly (Revenue & { readonly category: string })[]>;
}

/**
 * Reports over the facts of orders, of whole days over what is kept of them. They throw
 * `PERIOD_INVALID`, or as every read.
 */
export function createRevenueReport(table: ViewTable): RevenueReport {
  async function group(
    period: RevenuePeriod,
    part: DayPart,
    stages: readonly Document[],
  ): Promise<Document[]> {
    assertPeriod(period, "MONTH");
    const { currency, from, before } = period;
    const collections = await reading(() => table.collections());
    const span = [new Date(from), new Date(before)] as const;
    const sources = await revenueSources(collections, currency, span);
    const { beside } = collections;
    const facts = beside(revenueFacts.name).collectionName;
    const pipeline = [...revenueRows({ currency, part, facts }, sources), ...stages];
    const options = { maxTimeMS: QUERY_TIME_MAX_MS };
    return reading(() => beside(ORDER_DAYS).aggregate(pipeline, options).toArray());
  }
  return {
    async total(period) {
      const [sum] = await group(period, "byQuarter", [grouping(null)]);
      return revenueOf(sum ?? { gross: 0, refunds: 0 });
    },
    async byTime(period, unit, timeZone) {
      assertPeriod(period, unit);
      assertTimeZone(timeZone);
      const by = byTimeStages(unit, timeZone);
      const rows = await group(period, "byQuarter", by).catch((error: unknown) => {
        throw (error as { code?: unknown }).code === UNKNOWN_TIME_ZONE
          ? unknownTimeZone(timeZone)
          : error;
      });
      return rows.map((row) => ({ start: (row["_id"] as Date).toISOString(), ...revenueOf(row) }));
    },
    async byProduct(period) {
      const rows = await group(period, "byProduct", byNameStages("$sku"));
      return rows.map((row) => ({ sku: String(row["_id"]), ...revenueOf(row) }));
    },
    async byCategory(period) {
      const rows = await group(period, "byProduct", byNameStages("$category"));
      return rows.map((row) => ({ category: String(row["_id"]), ...revenueOf(row) }));
    },
  };
}

type DayPart = "byQuarter" | "byProduct";

interface Wanted {
  readonly currency: string;
  /** Of the days that are kept. */
  readonly part: DayPart;
  /** The collection of the facts. */
  readonly facts: string;
}

/** Rows with the amounts of a period: one part of each day that is kept, and facts beside them. */
export function revenueRows(
  { currency, part, facts }: Wanted,
  { days, spans }: RevenueSources,
): Document[] {
  const columns = { _id: 0, at: 1, category: 1, sku: 1, gross: 1, refund: 1 };
  return [
    { $match: days },
    { $project: { row: `$revenue.${currency}.${part}` } },
    { $unwind: "$row" },
    { $replaceWith: "$row" },
    ...spans.map((span) => ({
      $unionWith: {
        coll: facts,
        pipeline: [{ $match: factsIn(currency, span) }, { $project: columns }],
      },
    })),
  ];
}

/**
 * By quarters of an hour first, which is plain arithmetic: what a calendar says of a moment costs
 * several times what reading it does.
 */
export function byTimeStages(unit: Granularity, timezone: string): Document[] {
  const calendar = { unit: unit.toLowerCase(), timezone, startOfWeek: "monday" };
  const start = { $dateTrunc: { date: "$_id", ...calendar } };
  const sums = { gross: { $sum: "$gross" }, refunds: { $sum: "$refunds" } };
  return [grouping(quarterOf), { $group: { _id: start, ...sums } }, { $sort: { _id: 1 } }];
}

export function byNameStages(path: "$sku" | "$category"): Document[] {
  return [grouping(path), { $sort: { gross: -1, _id: 1 } }, { $limit: GROUPS_MAX }];
}

function grouping(by: unknown): Document {
  return { $group: { _id: by, gross: { $sum: "$gross" }, refunds: { $sum: "$refund" } } };
}

function revenueOf(row: Document): Revenue {
  const { gross, refunds } = row as { gross: number; refunds: number };
  return { gross, refunds, net: gross - refunds };
}

function assertPeriod({ from, before }: RevenuePeriod, unit: Granularity): void {
  const units = (Date.parse(before) - Date.parse(from)) / UNIT_MS[unit];
  if (units > 0 && units <= PERIODS_MAX) return;
  const most = `${PERIODS_MAX} of its ${unit === "MONTH" ? "months" : `${unit.toLowerCase()}s`}`;
  const message = `A report begins before it ends, and covers at most ${most}`;
  throw new ProjectionError("PERIOD_INVALID", message);
}

function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw unknownTimeZone(timeZone);
  }
}

function unknownTimeZone(timeZone: string): ProjectionError {
  const name = JSON.stringify(timeZone.slice(0, 64));
  const message = `There is no time zone ${name}: name one such as Europe/Berlin`;
  return new ProjectionError("PERIOD_INVALID", message);
}
