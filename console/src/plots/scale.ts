/** Round values for an axis from the lowest to the highest, zero among them. */
export function axisTicks(lowest: number, highest: number, most = 5): readonly number[] {
  const low = Math.min(0, lowest);
  const high = Math.max(0, highest);
  if (low === high) return [0, 1];
  const step = roundStep((high - low) / most);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The next larger of 1, 2, 5, 10, 20, 50 and so on. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5, 10].find((one) => one * power >= atLeast) ?? 10;
  return factor * power;
}

const short = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** A value on an axis, in few letters: 1.2K. */
export function tickText(value: number): string {
  return short.format(value);
}
