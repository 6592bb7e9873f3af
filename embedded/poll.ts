import { setTimeout as delay } from "node:timers/promises";

const pauseMs = 20;

/** Asks again and again until the probe answers with a value; undefined when the time is up. */
export async function pollUntil<T>(
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() >= deadline) return undefined;
    await delay(pauseMs);
  }
}
