import { open, stat } from "node:fs/promises";

const tailBytesMax = 64_000;

/** The size of a log now, to read later what was added after it. */
export async function logEnd(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** The lines written to a log since `from`, the last 64 kB of them at most. */
export async function readLogSince(path: string, from: number): Promise<string[]> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - tailBytesMax);
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.max(0, size - start)),
      position: start,
    });
    const text = buffer.subarray(0, bytesRead).toString();
    return text.split("\n").filter((line) => line.trim() !== "");
  } finally {
    await file.close();
  }
}
