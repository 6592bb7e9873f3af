import { withPersonalSearch } from "./all-projections.ts";
import type { Db } from "mongodb";
import type { Logger } from "pino";
import { createHistories, createRefusals } from "../log/index.ts";
import type { Checkpoints, EventStore, EvtMessage, EvtReader, Tail, Timers } from "../log/index.ts";
import type { DeadLetter } from "./dead-letters.ts";
import { createFeedBacklog } from "./feed-backlog.ts";
import { createFeedHub, type FeedHub } from "./feed-hub.ts";
import { createFeedLane, readEvent } from "./feed-lane.ts";
import type { Feed } from "./feed.ts";
import { forgetCustomers, type Erasures } from "./forget-customers.ts";
import { createFeed } from "./open-feed.ts";
import { createHistoryReads, type HistoryReads } from "./history.ts";
import { createOrderReadModel, type OrderReadModel } from "./order-reads.ts";
import { ordersProjection } from "./orders.ts";
import { noPersonalSearch, type PersonalSearch } from "./personal-search.ts";
import type { PastSources } from "./past.ts";
import { createProductReadModel, type ProductReadModel } from "./product-reads.ts";
import { productsProjection } from "./products.ts";
import { createRecentViews, type RecentViewsOptions } from "./recent-views.ts";
import { createRunner, type ProjectorStatus, type Runner } from "./runner.ts";
import { createSkips } from "./skips.ts";
import { waitForView } from "./wait-for-view.ts";

const HEARTBEAT_INTERVAL_MS = 15_000;
const RING_ENTRIES_MAX = 4_096;
/** How long a feed that starts over waits for the read collections; then it goes on as they are. */
const SETTLE_TIME_MAX_MS = 5_000;
/** What the projectors folded last, for the feed to take over: it is only just behind. */
const FOLDED_VIEWS = { entitiesMax: 4_000, versionsPerEntityMax: 4 };
/** Where the follower of the stream stands with each entity. */
const FOLLOWED_VIEWS = { entitiesMax: 10_000, versionsPerEntityMax: 1 };
/** Where readers of the backlog stand, who come in crowds after a restart. */
const BACKLOG_VIEWS = { entitiesMax: 10_000, versionsPerEntityMax: 4 };

export interface ProjectionsOptions {
  readonly db: Db;
  readonly store: EventStore;
  readonly tail: Tail;
  readonly checkpoints: Checkpoints;
  readonly evt: EvtReader;
  /** Lets the past be folded from where the actors have kept an entity; else from its beginning. */
  readonly keptStates?: Required<Pick<PastSources, "snapshots" | "machineHash">>;
  /** How orders are found by name and e-mail address; without it they are not. */
  readonly personalSearch?: PersonalSearch;
  /** Where the deadlines of orders and products are kept; without it nobody keeps them. */
  readonly timers?: Timers;
  /** Who was erased and is still to be forgotten; without it that is left to others. */
  readonly erasures?: Erasures;
  readonly logger: Logger;
  /** How often a quiet feed says that it is caught up; 15 s unless given. */
  readonly feedHeartbeatMs?: number;
  /** The newest events that all feeds share; 4,096 unless given. */
  readonly feedRingEntriesMax?: number;
}

/** All that can be read and watched. */
export interface Projections {
  readonly orders: OrderReadModel;
  readonly products: ProductReadModel;
  readonly feed: Feed;
  /** What has happened to one order or product, and what it was. */
  readonly history: HistoryReads;
  /** One entry per projector. */
  status(): readonly ProjectorStatus[];
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Projects the orders of an erased customer anew; resolves with how many they are. */
  forgetCustomer(customerId: string): Promise<number>;
  /** Tries a parked entity again; true when it flows. */
  retry(projection: string, stream: string): Promise<boolean>;
  /** Passes over the event that parked an entity, for good; true when it flows. */
  skip(projection: string, stream: string, by: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Starts the projectors and the follower of the stream. Returns at once and never throws for a
 * server that is away: everything waits for it and goes on by itself.
 */
export function createProjections(options: ProjectionsOptions): Projections {
  const { evt, logger, personalSearch = noPersonalSearch } = options;
  const recent = createRecentViews(FOLDED_VIEWS);
  const onView = recent.put.bind(recent);
  const orders = createRunner({
    ...options,
    projection: withPersonalSearch(ordersProjection, personalSearch),
    onView,
  });
  const products = createRunner({ ...options, projection: productsProjection, onView });
  const runners = [orders, products];
  const { db, erasures } = options;
  const forgetting = forgetCustomers({ db, orders, erasures, logger });
  const tables = { order: orders.table, product: products.table };
  const skips = createSkips(db);
  const lane = (memory: RecentViewsOptions) =>
    createFeedLane({ ...options, skips, tables, recent, passed: createRecentViews(memory) });
  const hub = createFeedHub({
    evt,
    logger,
    lane: lane(FOLLOWED_VIEWS),
    ringEntriesMax: options.feedRingEntriesMax ?? RING_ENTRIES_MAX,
  });
  const feed = createFeed({
    evt,
    hub,
    logger,
    store: options.store,
    skips,
    tables,
    backlog: createFeedBacklog(evt, lane(BACKLOG_VIEWS)),
    heartbeatMs: options.feedHeartbeatMs ?? HEARTBEAT_INTERVAL_MS,
    async settled(message: EvtMessage) {
      const placed = readEvent(message);
      if (placed === null) return;
      const { aggregate, stream: id, version } = placed;
      await waitForView(tables[aggregate], { id, version }, Date.now() + SETTLE_TIME_MAX_MS);
    },
  });
  const letGo = lettingGo(runners, hub);
  return {
    orders: createOrderReadModel(orders.table, personalSearch),
    products: createProductReadModel(products.table),
    feed,
    history: createHistoryReads({
      ...options.keptStates,
      store: options.store,
      histories: createHistories(options.db),
      refusals: createRefusals(options.db, logger),
    }),
    status: () => runners.map((runner) => runner.status()),
    deadLetters: async () =>
      (await Promise.all(runners.map((runner) => runner.deadLetters()))).flat(),
    retry: (projection, stream) => letGo(projection, stream, (runner) => runner.retry(stream)),
    skip: (projection, stream, by) =>
      letGo(projection, stream, (runner) => runner.skip(stream, by)),
    forgetCustomer: (customerId) => forgetting.now(customerId),
    async close() {
      forgetting.close();
      await Promise.all([hub.close(), ...runners.map((runner) => runner.close())]);
    },
  };
}

/** Lets a parked entity go; what has come meanwhile is folded for the readers of feeds to come. */
function lettingGo(runners: readonly Runner[], hub: FeedHub) {
  return async (
    projection: string,
    stream: string,
    work: (runner: Runner) => Promise<boolean>,
  ): Promise<boolean> => {
    const runner = runners.find((candidate) => candidate.status().name === projection);
    const flows = runner !== undefined && (await work(runner));
    if (flows) await hub.foldAgain(stream);
    return flows;
  };
}
