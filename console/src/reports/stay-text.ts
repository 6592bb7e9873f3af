const STEPS: readonly (readonly [ms: number, unit: string, below: number])[] = [
  [86_400_000, "d", 3_600_000],
  [3_600_000, "h", 60_000],
  [60_000, "min", 1_000],
];
const below: Readonly<Record<number, string>> = { 3_600_000: "h", 60_000: "min", 1_000: "s" };

/** How long something lasted, to about a hundredth: "2 h 5 min", "340 ms". */
export function stayText(ms: number): string {
  for (const [size, unit, smaller] of STEPS) {
    if (ms < size) continue;
    const rest = Math.floor((ms % size) / smaller);
    const whole = `${String(Math.floor(ms / size))} ${unit}`;
    return rest === 0 ? whole : `${whole} ${String(rest)} ${below[smaller] ?? ""}`;
  }
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${String(Math.round(ms))} ms`;
}
