const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A moment in the zone of whoever looks. */
export function timeText(iso: string): string {
  return clock.format(new Date(iso));
}

const STEPS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** How long something lasts, by its largest unit: "3 h". */
export function durationText(ms: number): string {
  for (const [size, unit] of STEPS) {
    if (ms >= size) return `${String(Math.floor(ms / size))} ${unit}`;
  }
  return "0 s";
}
