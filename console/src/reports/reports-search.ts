import { dayAfter, dayIn, isDay } from "./civil-days.ts";
import type { Granularity } from "./periods.ts";

/** What the address of the reports asks for; days are those of the time zone, both included. */
export interface ReportsSearch {
  readonly from: string;
  readonly through: string;
  readonly granularity: Granularity;
  readonly timeZone: string;
  /** Null when the address leaves it to the page. */
  readonly currency: string | null;
}

const DAYS_DEFAULT = 30;
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every time zone that this browser knows, with the one of this place and UTC first. */
export const timeZones: readonly string[] = [
  ...new Set([HERE, "UTC", ...Intl.supportedValuesOf("timeZone")]),
];

const granularities: readonly Granularity[] = ["DAY", "WEEK", "MONTH"];

/** Reads an address; what makes no sense in it is left out. */
export function reportsSearch(search: URLSearchParams, now: number): ReportsSearch {
  const zone = search.get("zone") ?? "";
  const timeZone = timeZones.includes(zone) ? zone : HERE;
  const through = dayOf(search.get("through")) ?? dayIn(timeZone, now);
  const from = dayOf(search.get("from")) ?? dayAfter(through, 1 - DAYS_DEFAULT);
  const by = (search.get("by") ?? "").toUpperCase();
  const currency = (search.get("currency") ?? "").toUpperCase();
  return {
    from,
    through,
    timeZone,
    granularity: granularities.find((one) => one === by) ?? "DAY",
    currency: /^[A-Z]{3}$/.test(currency) ? currency : null,
  };
}

function dayOf(text: string | null): string | null {
  return text !== null && isDay(text) ? text : null;
}
