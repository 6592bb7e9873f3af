import { createSourceEventStream, execute } from "graphql";
import type { ExecutionResult } from "graphql";
import type { Logger } from "pino";
import type { LiveItem } from "./hub.ts";
import type { SubscriptionFacts } from "../context.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Operation, Operations } from "../operations/operations.ts";
import { createFeedCounter } from "./feed-counter.ts";
import type { FeedCounts } from "./feed-counter.ts";
import { createHub } from "./hub.ts";
import type { Hub, LivePayload } from "./hub.ts";
import { hubKey } from "./hub-key.ts";
import { startReading } from "./reading.ts";
import type { FeedTarget, SilentStream } from "./reading.ts";

/** Every live subscription of the process, shared where it looks the same to its readers. */
export interface LiveFeeds {
  /** Starts a subscription, or answers with the result that says why not. */
  subscribe(operation: Operation, target: FeedTarget): Promise<SilentStream | ExecutionResult>;
  counts(): FeedCounts;
}

interface LiveFeedsOptions {
  readonly operations: Operations;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "eventShown">;
}

/**
 * Serves subscriptions: each reader first reads on its own, from its cursor to the present, and is
 * then handed over to the hub of its kind, which executes and serialises once for all.
 */
export function createLiveFeeds({ operations, logger, metrics }: LiveFeedsOptions): LiveFeeds {
  const hubs = new Map<string, Hub>();
  const counter = createFeedCounter();

  /** Executes the items of a source one by one, in order. */
  async function* executed(
    operation: Operation,
    source: AsyncIterable<LiveItem>,
  ): AsyncGenerator<LivePayload, void, void> {
    for await (const item of source) {
      const result = await execute({ ...operation, rootValue: item });
      const { errors, ...rest } = operations.format(result, operation.traceId);
      const payload = { ...rest, ...(errors === undefined ? {} : { errors }) };
      yield { item, body: JSON.stringify(payload) };
    }
  }

  const hubFor = (operation: Operation): Hub => {
    const key = hubKey(operation);
    const known = hubs.get(key);
    if (known !== undefined) return known;
    const hub = createHub({
      start: (signal) => shared(operation, signal),
      onEnd: () => {
        if (hubs.get(key) === hub) hubs.delete(key);
      },
      onFault: (err) => logger.error({ err }, "a shared subscription broke"),
    });
    hubs.set(key, hub);
    return hub;
  };

  async function* shared(
    operation: Operation,
    signal: AbortSignal,
  ): AsyncGenerator<LivePayload, void, void> {
    const own = ofSubscription(operation, { signal, isShared: true });
    const source = await createSourceEventStream(own);
    if (!isStream(source)) throw new Error("a subscription that ran alone does not run shared");
    for await (const payload of executed(own, source)) {
      const { item } = payload;
      if (item.kind === "event")
        metrics.eventShown((Date.now() - Date.parse(item.event.at)) / 1_000);
      yield payload;
    }
  }

  return {
    async subscribe(operation, target) {
      const ended = new AbortController();
      const own = ofSubscription(operation, { signal: ended.signal, isShared: false });
      const source = await createSourceEventStream(own);
      if (!isStream(source)) return operations.format(source as ExecutionResult, operation.traceId);
      const hub = hubFor(operation);
      return startReading({
        payloads: executed(own, source),
        hub,
        target: counter.entered(target),
        ended,
        onSent: counter.sent,
      });
    },
    counts: () => counter.counts(hubs.size),
  };
}

function ofSubscription(operation: Operation, subscription: SubscriptionFacts): Operation {
  const { viewer, services } = operation.contextValue;
  return { ...operation, contextValue: { viewer, services, request: null, subscription } };
}

function isStream(source: unknown): source is AsyncIterable<LiveItem> {
  return typeof source === "object" && source !== null && Symbol.asyncIterator in source;
}
