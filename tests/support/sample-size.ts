/** How many random cases to try: a sample in `npm test`, many in `npm run test:long`. */
export function sampleSize(short: number, long: number): number {
  return process.env["LONG"] === "1" ? long : short;
}
