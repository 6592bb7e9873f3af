import type { Collection, UpdateFilter } from "mongodb";
import { reading } from "./reading.ts";

/** Name of the figures of days, before the suffix of a generation. */
export const ORDER_DAYS = "order_days";
/** Days that are counted anew at once; more wait in line. */
const COUNTS_AT_ONCE = 4;

/** The day of a moment, in UTC. */
export function dayOf(moment: string | Date): string {
  return (typeof moment === "string" ? moment : moment.toISOString()).slice(0, 10);
}

/** What tells of a day whether what was counted of it still holds. */
export interface DayMarks {
  /** Such as 2026-11-25. */
  readonly _id: string;
  readonly marks: number;
  /** The marks at which something was last counted and kept. */
  readonly keptAt?: number;
  /** True while somebody may be counting. */
  readonly isAsked?: boolean;
}

/** Figures of a day as they were at so many marks; of no use when there are more by now. */
export type Kept<Figures> = Figures & { readonly marks: number };

/**
 * Says that what was counted of these days no longer holds. It comes after the rows are written and
 * before the checkpoint moves: after a crash in between the same commits come again and so does the
 * mark. A day that holds no longer anyway, and that nobody counts just now, needs none: whoever
 * counts says so first and finds the rows, which are written. So a busy day costs a look.
 */
export async function markDays(
  collection: Collection<DayMarks>,
  days: Iterable<string>,
): Promise<void> {
  const ids = [...new Set(days)];
  if (ids.length === 0) return;
  const found = await collection
    .find({ _id: { $in: ids } }, { readPreference: "primary" })
    .project<DayMarks>({ marks: 1, keptAt: 1, isAsked: 1 })
    .toArray();
  const idle = new Set(found.filter(needsNoMark).map(({ _id }) => _id));
  const marks = ids
    .filter((id) => !idle.has(id))
    .map((_id) => ({
      updateOne: { filter: { _id }, update: { $inc: { marks: 1 } }, upsert: true },
    }));
  if (marks.length === 0) return;
  await collection.bulkWrite(marks, { ordered: false, writeConcern: { w: "majority" } });
}

function needsNoMark({ marks, keptAt, isAsked = false }: DayMarks): boolean {
  return !isAsked && keptAt !== marks;
}

/**
 * Says that a day is being counted, and resolves with its marks: from here on every write to it
 * marks it. Null when there is no such day.
 */
export async function askDay(
  collection: Collection<DayMarks>,
  day: string,
): Promise<number | null> {
  const found = await collection.findOneAndUpdate(
    { _id: day },
    { $set: { isAsked: true } },
    { returnDocument: "after", projection: { marks: 1 }, writeConcern: { w: "majority" } },
  );
  return found?.marks ?? null;
}

/** How figures of days are counted, and under which field of the day they are kept. */
export interface Counting<Figures> {
  readonly field: string;
  readonly count: (day: string) => Promise<Figures>;
  /** False for figures that are too large to keep; always kept unless given. */
  readonly isKeepable?: (figures: Figures) => boolean;
}

/**
 * Counts days anew and keeps what was counted, so that the next who asks need not. `isKept` is
 * false where something was written meanwhile, or the figures are too large.
 */
export async function countDays<Figures extends object>(
  collection: Collection<DayMarks>,
  days: readonly string[],
  counting: Counting<Figures>,
): Promise<Map<string, { readonly figures: Figures; readonly isKept: boolean }>> {
  const counted = new Map<string, { readonly figures: Figures; readonly isKept: boolean }>();
  for (let start = 0; start < days.length; start += COUNTS_AT_ONCE) {
    const some = days.slice(start, start + COUNTS_AT_ONCE);
    const found = await Promise.all(some.map((day) => countDay(collection, day, counting)));
    for (const [index, day] of some.entries()) {
      const one = found[index];
      if (one !== undefined) counted.set(day, one);
    }
  }
  return counted;
}

async function countDay<Figures extends object>(
  collection: Collection<DayMarks>,
  day: string,
  { field, count, isKeepable = () => true }: Counting<Figures>,
): Promise<{ readonly figures: Figures; readonly isKept: boolean }> {
  const marks = await reading(() => askDay(collection, day));
  const figures = await count(day);
  if (marks === null || !isKeepable(figures)) return { figures, isKept: false };
  const kept = { $set: { [field]: { ...figures, marks }, keptAt: marks }, $unset: { isAsked: "" } };
  // Only if nothing was written meanwhile.
  const { matchedCount } = await reading(() =>
    collection.updateOne({ _id: day, marks }, kept as UpdateFilter<DayMarks>),
  );
  return { figures, isKept: matchedCount === 1 };
}
