import type { Connection } from "./connection.ts";
import type { Hub, HubMember, LiveItem, LivePayload } from "./hub.ts";

/** A subscription as graphql-ws handles it: it ends, but yields nothing; frames go out directly. */
export type SilentStream = AsyncGenerator<never, void, void>;

/** Where the results of one subscription go. */
export interface FeedTarget {
  readonly connection: Connection;
  /** The client's id of the subscription. */
  readonly id: string;
  /** Called once the subscription has ended; with the error when it broke. */
  onEnd(error?: unknown): void;
}

interface ReadingOptions {
  /** The reader's own execution, from its cursor on. */
  readonly payloads: AsyncIterable<LivePayload>;
  readonly hub: Hub;
  readonly target: FeedTarget;
  /** Aborted when the reader's own execution is over. */
  readonly ended: AbortController;
  /** Told of every message. */
  readonly onSent: (item: LiveItem) => void;
}

/**
 * Sends a reader its own execution until it has caught up and the hub takes it over, then what the
 * hub sends. The stream it returns ends with the subscription and throws when the reader's own
 * execution breaks.
 */
export function startReading(options: ReadingOptions): SilentStream {
  const { payloads, hub, target, ended, onSent } = options;
  const { connection, id } = target;
  // Byte for byte the frame that graphql-ws would build, without building the body again.
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  let place: string | null = null;
  let isShared = false;
  const member: HubMember = {
    place: () => place,
    joined() {
      isShared = true;
      ended.abort();
    },
    deliver({ item, body }) {
      connection.write(`${head}${body}}`);
      onSent(item);
    },
    broken: () => connection.tryAgainLater(),
  };

  const readAlone = async (): Promise<void> => {
    let hasCaughtUp = false;
    for await (const payload of payloads) {
      const { item } = payload;
      if (ended.signal.aborted) return;
      member.deliver(payload);
      // A reader that joined earlier could wait for its CaughtUp until the next heartbeat.
      hasCaughtUp ||= item.kind === "caughtUp" || item.kind === "statistics";
      if (hasCaughtUp) {
        place = item.cursor;
        if (hub.tryJoin(member)) return;
      }
      await connection.drained();
    }
  };

  return silentStream((finish) => {
    hub.add(member);
    readAlone().then(
      () => {
        if (!isShared) finish();
      },
      (error: unknown) => {
        if (!isShared) finish(error);
      },
    );
    return (error) => {
      ended.abort();
      hub.remove(member);
      target.onEnd(error);
    };
  });
}

/** A stream that yields nothing and ends when it is finished or returned, whichever is first. */
function silentStream(
  start: (finish: (error?: unknown) => void) => (error?: unknown) => void,
): SilentStream {
  const over = { value: undefined, done: true } as const;
  let settle: { resolve: () => void; reject: (error: unknown) => void } | null = null;
  const finished = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // graphql-ws listens only once it iterates; until then a failure is nobody's.
  finished.catch(() => undefined);
  let isOver = false;
  const finish = (error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    stop(error);
    if (error === undefined) settle?.resolve();
    else settle?.reject(error);
  };
  const stop = start(finish);
  const stream: SilentStream = {
    next: () => finished.then(() => over),
    return: () => {
      finish();
      return Promise.resolve(over);
    },
    throw: (error) => {
      finish(error);
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: () => {
      finish();
      return Promise.resolve();
    },
  };
  return stream;
}
