import { setTimeout as delay } from "node:timers/promises";

const FIRST_CEILING_MS = 4;

/** Waits a random while before try n + 1 (n from 1), longer each time, at most `ceilingMs`. */
export async function backOff(failures: number, ceilingMs: number): Promise<void> {
  const ceiling = Math.min(ceilingMs, FIRST_CEILING_MS * 2 ** Math.min(failures, 20));
  await delay(Math.random() * ceiling);
}
