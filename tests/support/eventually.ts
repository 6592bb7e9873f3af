import { setTimeout as delay } from "node:timers/promises";

type EventuallyOptions = {
  /** What is awaited, for the message of the failure. */
  description?: string;
  timeoutMs?: number;
  pauseMs?: number;
};

/** Awaits a condition by asking again and again; throws when it does not come true in time. */
export async function eventually(
  condition: () => Promise<boolean> | boolean,
  options: EventuallyOptions = {},
): Promise<void> {
  const { description = condition.toString(), timeoutMs = 90_000, pauseMs = 10 } = options;
  const deadline = performance.now() + timeoutMs;
  let lastThrown: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      lastThrown = undefined;
    } catch (thrown) {
      lastThrown = thrown;
    }
    if (performance.now() >= deadline) {
      const message = `not within ${timeoutMs} ms: ${description}`;
      throw new Error(message, { cause: lastThrown });
    }
    await delay(pauseMs);
  }
}
