import type { Document, Filter } from "mongodb";
import { countDays, dayOf, ORDER_DAYS, type DayMarks, type Kept } from "./day-marks.ts";
import { revenueFacts } from "./order-facts.ts";
import { QUERY_TIME_MAX_MS, reading } from "./reading.ts";
import type { Collections } from "./view-table.ts";

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** Of a day with more, the facts themselves are read. */
const PRODUCTS_KEPT_MAX = 2_000;

/** Moments, the second exclusive. */
export type Span = readonly [from: Date, before: Date];

/** What was taken and paid back in one currency on one day of UTC, in minor units. */
interface DayRevenue {
  /** `at` is the beginning of the quarter of an hour. */
  readonly byQuarter: readonly (Amounts & { readonly at: Date })[];
  readonly byProduct: readonly (Amounts & { readonly category: string; readonly sku: string })[];
}

interface Amounts {
  readonly gross: number;
  readonly refund: number;
}

interface DayDocument extends DayMarks {
  readonly revenue?: Readonly<Record<string, Kept<DayRevenue>>>;
}

/** Of which the sums of a period are made: days that are kept, and facts of the spans beside. */
export interface RevenueSources {
  readonly days: Filter<DayMarks>;
  readonly spans: readonly Span[];
}

/**
 * Finds the days that lie in the period as a whole, counts those that have changed since they were
 * last counted, and leaves what cannot be kept, and both ends of the period, to the facts.
 */
export async function revenueSources(
  collections: Collections,
  currency: string,
  [from, before]: Span,
): Promise<RevenueSources> {
  const wholeFrom = Math.ceil(from.getTime() / DAY_MS) * DAY_MS;
  const wholeBefore = Math.floor(before.getTime() / DAY_MS) * DAY_MS;
  if (wholeFrom >= wholeBefore) return { days: { _id: { $in: [] } }, spans: [[from, before]] };
  const within = { $gte: dayOf(new Date(wholeFrom)), $lt: dayOf(new Date(wholeBefore)) };
  const field = `revenue.${currency}`;
  const found = await reading(() =>
    collections
      .beside<DayDocument>(ORDER_DAYS)
      .find({ _id: within }, { maxTimeMS: QUERY_TIME_MAX_MS })
      .project<DayDocument>({ marks: 1, [`${field}.marks`]: 1 })
      .toArray(),
  );
  const stale = found.filter(({ marks, revenue }) => revenue?.[currency]?.marks !== marks);
  const counted = await countDays(
    collections.beside<DayMarks>(ORDER_DAYS),
    stale.map(({ _id }) => _id),
    {
      field,
      count: (day) => countRevenue(collections, currency, spanOf(day)),
      isKeepable: ({ byProduct }) => byProduct.length <= PRODUCTS_KEPT_MAX,
    },
  );
  const unkept = [...counted].filter(([, { isKept }]) => !isKept).map(([day]) => day);
  const ends: readonly Span[] = [
    [from, new Date(wholeFrom)],
    [new Date(wholeBefore), before],
  ];
  return {
    days: { _id: { ...within, $nin: unkept }, [field]: { $exists: true } },
    spans: [...ends.filter(([start, end]) => start < end), ...unkept.map(spanOf)],
  };
}

/** The facts of one currency in a span, by the beginning of their index. */
export function factsIn(currency: string, [from, before]: Span): Document {
  return { currency: { $eq: currency }, at: { $gte: from, $lt: before } };
}

/** The beginning of the quarter of an hour: every time zone changes its day at one of those. */
export const quarterOf: Document = {
  $toDate: { $subtract: [{ $toLong: "$at" }, { $mod: [{ $toLong: "$at" }, QUARTER_MS] }] },
};

/** Answered by the index of the facts alone. */
export function sumsBy(_id: Document): Document {
  return { $group: { _id, gross: { $sum: "$gross" }, refund: { $sum: "$refund" } } };
}

function spanOf(day: string): Span {
  const start = new Date(`${day}T00:00:00.000Z`);
  return [start, new Date(start.getTime() + DAY_MS)];
}

async function countRevenue(
  { beside }: Collections,
  currency: string,
  span: Span,
): Promise<DayRevenue> {
  const sums = (by: Document, stages: readonly Document[]): Promise<Document[]> => {
    const pipeline = [{ $match: factsIn(currency, span) }, sumsBy(by), ...stages];
    const options = { maxTimeMS: QUERY_TIME_MAX_MS };
    return reading(() => beside(revenueFacts.name).aggregate(pipeline, options).toArray());
  };
  const amounts = { _id: 0, gross: 1, refund: 1 };
  const [byQuarter, byProduct] = await Promise.all([
    sums(quarterOf, [{ $project: { ...amounts, at: "$_id" } }]),
    sums({ category: "$category", sku: "$sku" }, [
      { $limit: PRODUCTS_KEPT_MAX + 1 },
      { $project: { ...amounts, category: "$_id.category", sku: "$_id.sku" } },
    ]),
  ]);
  return { byQuarter, byProduct } as unknown as DayRevenue;
}
