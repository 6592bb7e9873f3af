const DAY_MS = 86_400_000;

/** The day that a moment falls on in a time zone, as `2026-11-25`. */
export function dayIn(timeZone: string, moment: number): string {
  const { year, month, day } = clockIn(timeZone, moment);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The first moment of a day in a time zone, ISO 8601 UTC. */
export function startOfDay(timeZone: string, day: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The offset is that of the moment looked for, which is not known yet: the second guess has it.
  const first = midnight - offsetAt(timeZone, midnight);
  return new Date(midnight - offsetAt(timeZone, first)).toISOString();
}

/** A day some days later, or earlier. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function offsetAt(timeZone: string, moment: number): number {
  const { year, month, day, hour, minute, second } = clockIn(timeZone, moment);
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  return wall - Math.floor(moment / 1_000) * 1_000;
}

type Part = "year" | "month" | "day" | "hour" | "minute" | "second";

/** One for each time zone: they are slow to make. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall of a time zone shows. */
function clockIn(timeZone: string, moment: number): Readonly<Record<Part, number>> {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB-u-hc-h23", {
      ...{ timeZone, year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
  clocks.set(timeZone, clock);
  const shown = new Map(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
  const read = (part: Part): number => Number(shown.get(part));
  return {
    ...{ year: read("year"), month: read("month"), day: read("day") },
    ...{ hour: read("hour"), minute: read("minute"), second: read("second") },
  };
}
