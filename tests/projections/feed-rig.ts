import {
  connectNats,
  createEvtReader,
  createLeases,
  createRelay,
  createTail,
  EVT_STREAM,
  type Commit,
} from "../../log/index.ts";
import {
  createProjections,
  type Feed,
  type FeedItem,
  type FeedOptions,
  type Projections,
} from "../../projections/index.ts";
import { disposeLater, testNats, type TestServer } from "../support/servers.ts";
import { logger, openRig, type Rig } from "./rig.ts";

const HEARTBEAT_MS = 100;
/** Small, so that readers fall behind it. */
const RING_ENTRIES_MAX = 128;

/** The corridor from the log to the feeds, on real servers. */
export interface FeedRig extends Rig {
  readonly nats: TestServer;
  readonly projections: Projections;
  /** Lets the first messages of the stream go, as their age would. */
  expire(count: number): Promise<void>;
  /** Stops the projectors and feeds and starts others in their place. */
  restartProjections(): Promise<Projections>;
}

export async function openFeedRig(): Promise<FeedRig> {
  const rig = await openRig();
  const server = await testNats();
  const nats = await connectNats({ url: server.url, name: "test", logger });
  disposeLater(() => nats.close());
  const tail = createTail(rig.db, { logger });
  disposeLater(() => tail.close());
  const leases = createLeases(rig.db, { node: "test", logger });
  const relay = createRelay({ ...rig, nats, tail, leases, logger });
  disposeLater(() => relay.stop());
  relay.start();
  const start = (): Projections =>
    createProjections({
      ...rig,
      tail,
      evt: createEvtReader(nats),
      logger,
      feedHeartbeatMs: HEARTBEAT_MS,
      feedRingEntriesMax: RING_ENTRIES_MAX,
    });
  let projections = start();
  disposeLater(() => projections.close());
  return {
    ...rig,
    nats: server,
    get projections() {
      return projections;
    },
    async expire(count) {
      const { streams } = await nats.jetstreamManager();
      // The stream denies a purge; fewer bytes than it holds have the same effect as age.
      const { config, state } = await streams.info(EVT_STREAM);
      await streams.update(EVT_STREAM, { ...config, max_msgs: state.messages - count });
    },
    async restartProjections() {
      await projections.close();
      projections = start();
      return projections;
    },
  };
}

/** One reader of a feed, which the test pulls at its own pace. */
export interface FeedReader {
  /** The next item that is no heartbeat after the first `caughtUp`. */
  next(): Promise<FeedItem>;
  /** Items up to and including the first that satisfies the condition. */
  until(isLast: (item: FeedItem) => boolean): Promise<FeedItem[]>;
  stop(): Promise<void>;
}

export function readFeed(feed: Feed, options: Omit<FeedOptions, "signal">): FeedReader {
  const stopping = new AbortController();
  const items = feed.open({ ...options, signal: stopping.signal })[Symbol.asyncIterator]();
  const reader: FeedReader = {
    async next() {
      const { value, done } = await items.next();
      if (done === true) throw new Error("the feed has ended");
      return value;
    },
    async until(isLast) {
      const taken: FeedItem[] = [];
      for (;;) {
        const item = await reader.next();
        taken.push(item);
        if (isLast(item)) return taken;
      }
    },
    async stop() {
      stopping.abort();
      await items.return?.();
    },
  };
  disposeLater(() => reader.stop());
  return reader;
}

/** The ids of the events among items, in their order. */
export function eventIds(items: readonly FeedItem[]): string[] {
  return items.flatMap((item) => (item.kind === "event" ? [item.event.id] : []));
}

/** The ids of the events of commits, by entity in version order. */
export function idsByEntity(commits: readonly Commit[]): string[] {
  return commits.flatMap((commit) =>
    commit.events.map((_, offset) => `${commit.stream}/${String(commit.version + offset)}`),
  );
}
