import type { Logger } from "pino";
import { isUnfoldable } from "./errors.ts";
import type { FeedHub } from "./feed-hub.ts";

const RETRY_DELAY_MS = 200;

interface Waiting {
  readonly hub: FeedHub;
  readonly logger: Logger;
}

/**
 * Asks again and again while NATS or MongoDB is away or the hub has not started; null once the
 * reader or the feed has ended. Throws what will not become better by itself.
 */
export async function untilAnswered<Answer>(
  { hub, logger }: Waiting,
  signal: AbortSignal,
  ask: () => Promise<Answer | null>,
): Promise<Answer | null> {
  while (!signal.aborted && !hub.isClosed()) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      if (isUnfoldable(error)) throw error;
      logger.debug({ err: error }, "feed waits");
    }
    await hub.news({ signal, delayMs: RETRY_DELAY_MS });
  }
  return null;
}
