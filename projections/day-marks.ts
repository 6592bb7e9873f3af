import type { Collection } from "mongodb";

/** Name of the figures of days, before the suffix of a generation. */
export const ORDER_DAYS = "order_days";

/** The day of a moment, in UTC. */
export function dayOf(moment: string | Date): string {
  return (typeof moment === "string" ? moment : moment.toISOString()).slice(0, 10);
}

/** What tells of a day whether what was counted of it still holds. */
export interface DayMarks {
  /** Such as 2026-11-25. */
  readonly _id: string;
  readonly marks: number;
  /** As it was at so many marks; of no use when there are more by now. */
  readonly counted?: { readonly marks: number };
  /** True while somebody may be counting. */
  readonly isAsked?: boolean;
}

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
    .project<DayMarks>({ marks: 1, "counted.marks": 1, isAsked: 1 })
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

function needsNoMark({ marks, counted, isAsked = false }: DayMarks): boolean {
  return !isAsked && counted?.marks !== marks;
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
