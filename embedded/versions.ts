/** Compares `major.minor.patch` number by number, for sorting upwards. */
export function compareVersions(left: string, right: string): number {
  const [rightNumbers, leftNumbers] = [toNumbers(right), toNumbers(left)];
  for (const [index, number] of leftNumbers.entries()) {
    const difference = number - (rightNumbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isAtLeast(version: string, floor: string): boolean {
  return compareVersions(version, floor) >= 0;
}

function toNumbers(version: string): number[] {
  const numbers = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}
