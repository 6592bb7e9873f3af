import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Db } from "mongodb";
import type { NatsConnection } from "nats";
import type { Logger } from "pino";
import {
  armCrash,
  busWithCrashPoints,
  createCommandBus,
  createReactor,
  createTimerFiring,
  noteRefusals,
  machineHash,
  withCrashPoints,
  type ActorLimits,
  type CommandBus,
  type Reactor,
  type TimerFiring,
} from "./actors/index.ts";
import type { Config } from "./config.ts";
import { measuredBus, type Metrics } from "./gateway/index.ts";
import {
  createCheckpoints,
  createEvtReader,
  createFollower,
  createLeases,
  createMongoEventStore,
  createRefusals,
  createRelay,
  createSnapshots,
  createTail,
  createTimers,
  createUsedTickets,
  type EventStore,
  type EvtLimits,
  type EvtReader,
  type Follower,
  type Relay,
  type UsedTickets,
} from "./log/index.ts";
import { withDeadline, type PaymentProvider } from "./payments/index.ts";
import type { Privacy } from "./privacy/index.ts";
import { createProjections, personalSearchOf, type Projections } from "./projections/index.ts";

const DAY_MS = 86_400_000;

/** The rooms behind the gateway. */
export interface Rooms {
  readonly bus: CommandBus;
  readonly db: Db;
  readonly store: EventStore;
  readonly evt: EvtReader;
  readonly follower: Follower;
  readonly tickets: UsedTickets;
  readonly relay: Relay;
  readonly reactor: Reactor;
  readonly timerFiring: TimerFiring;
  readonly privacy: Privacy;
  readonly provider: PaymentProvider;
  readonly projections: Projections;
}

/** What to undo at the end, last opened first. */
export type Opened = (() => Promise<unknown>)[];

/** How much of the log the JetStream stream keeps. */
export function evtLimits(config: Config): EvtLimits {
  return { maxAgeMs: config.evtMaxAgeDays * DAY_MS, maxBytes: config.evtMaxBytes };
}

interface Connections {
  readonly db: Db;
  readonly nats: NatsConnection;
  readonly privacy: Privacy;
  readonly provider: PaymentProvider;
  /** Where commands are counted. */
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Opens every room but the gateway; each begins its work at once. Throws nothing of a server. */
export function openRooms(
  config: Config,
  { db, nats, privacy, provider, metrics, logger }: Connections,
  opened: Opened,
): Rooms {
  const node = `${hostname()}/${String(process.pid)}/${randomUUID().slice(0, 8)}`;
  const pass = config.crashAt === undefined ? null : armCrash(config.crashAt);
  const real = {
    store: createMongoEventStore(db),
    timers: createTimers(db),
    checkpoints: createCheckpoints(db),
    provider,
  };
  const parts = pass === null ? real : withCrashPoints(real, pass);
  const { store, timers, checkpoints } = parts;
  const tail = createTail(db, { logger });
  opened.push(() => tail.close());
  const leases = createLeases(db, { node, logger });
  const evt = createEvtReader(nats);
  const personalSearch = personalSearchOf(privacy);
  const keptStates = { snapshots: createSnapshots(db), machineHash: machineHash() };
  const reading = { db, store, tail, checkpoints, evt, timers, personalSearch, keptStates };
  const projections = createProjections({ ...reading, erasures: privacy, logger });
  opened.push(() => projections.close());
  const relay = createRelay({
    nats,
    store,
    tail,
    checkpoints,
    leases,
    limits: evtLimits(config),
    logger,
  });
  relay.start();
  opened.push(() => relay.stop());
  const refusals = createRefusals(db, logger);
  opened.push(() => refusals.close());
  const ownBus = createCommandBus({
    onRefused: noteRefusals(refusals),
    store,
    ...keptStates,
    node,
    limits: busLimits(config),
    logger,
  });
  const bus = measuredBus(ownBus, metrics);
  opened.push(() => bus.close());
  const common = {
    bus: pass === null ? bus : busWithCrashPoints(bus, pass),
    leases,
    logger,
    attemptTimeoutMs: config.commandDeadlineMs,
    leaseTtlMs: config.leaseTtlMs,
  };
  const reactor = createReactor({
    ...common,
    tail,
    checkpoints,
    provider: withDeadline(parts.provider, providerBounds(config, logger)),
  });
  opened.push(() => reactor.stop());
  const timerFiring = createTimerFiring({ ...common, timers });
  opened.push(() => timerFiring.stop());
  const follower = createFollower(db, { tail, logger });
  const reads = { evt, projections, follower, tickets: createUsedTickets(db) };
  return { bus, db, store, relay, reactor, timerFiring, privacy, provider, ...reads };
}

function busLimits(config: Config): Partial<ActorLimits> {
  return {
    mailboxSizeMax: config.mailboxSizeMax,
    activeEntitiesMax: config.entitiesMax,
    idleTimeoutMs: config.entityIdleMs,
    attemptTimeoutMs: config.commandDeadlineMs,
    snapshotEveryEvents: config.snapshotEveryEvents,
  };
}

function providerBounds(config: Config, logger: Logger) {
  const { providerDeadlineMs: callTimeoutMs, providerCallsMax: callsInFlightMax } = config;
  return { callTimeoutMs, callsInFlightMax, logger };
}
