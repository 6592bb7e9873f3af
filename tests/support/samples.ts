/** Reads a page in the text format of Prometheus: each sample under its name and labels. */
export function samplesIn(page: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of page.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const at = line.lastIndexOf(" ");
    samples.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return samples;
}
