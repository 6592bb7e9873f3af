import { dayAfter } from "./civil-days.ts";

export type Granularity = "DAY" | "WEEK" | "MONTH";

/** More than these the gateway does not answer either. */
const PERIODS_MAX = 400;

/** Days, weeks from Monday, or months, each by its first day; gaps included. */
export function periodStarts(
  from: string,
  through: string,
  granularity: Granularity,
): readonly string[] {
  const starts: string[] = [];
  let start = periodOf(from, granularity);
  while (start <= through && starts.length < PERIODS_MAX) {
    starts.push(start);
    start = nextPeriod(start, granularity);
  }
  return starts;
}

/** The first day of the period that a day is in. */
export function periodOf(day: string, granularity: Granularity): string {
  if (granularity === "DAY") return day;
  if (granularity === "MONTH") return `${day.slice(0, 7)}-01`;
  const sinceMonday = (new Date(Date.parse(day)).getUTCDay() + 6) % 7;
  return dayAfter(day, -sinceMonday);
}

function nextPeriod(start: string, granularity: Granularity): string {
  if (granularity === "DAY") return dayAfter(start, 1);
  if (granularity === "WEEK") return dayAfter(start, 7);
  return `${dayAfter(start, 31).slice(0, 7)}-01`;
}

const formats = {
  DAY: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" }),
  WEEK: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" }),
  MONTH: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "short", year: "numeric" }),
};
const whole = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "medium" });

/** A period on an axis, in few letters. */
export function shortPeriod(start: string, granularity: Granularity): string {
  return formats[granularity].format(Date.parse(start));
}

/** A period in a table. */
export function periodText(start: string, granularity: Granularity): string {
  if (granularity === "MONTH") return formats.MONTH.format(Date.parse(start));
  const day = whole.format(Date.parse(start));
  return granularity === "WEEK" ? `week of ${day}` : day;
}
