/**
 * The event log: the only room that writes or reads the truth, the collection `events` in MongoDB.
 * One commit is one document and one insert; what lands is kept for ever and never changed. The
 * room knows no domain rule: whether an event may happen is decided before it gets here. It answers
 * what became of every append, even when the database did not, and it hands every commit to every
 * reader at least once, those of one entity in version order. Break the duplicate-key rule, the
 * order of a chain or the settling of unknown outcomes, and an answered command can be lost or
 * applied twice. Driver errors are translated here and nowhere else.
 */
export { createCheckpoints } from "./checkpoints.ts";
export type { Checkpoints } from "./checkpoints.ts";
export type { Commit } from "./commit.ts";
export { eventId, lastVersion } from "./commit.ts";
export { connectMongo } from "./connect-mongo.ts";
export type { MongoConnection } from "./connect-mongo.ts";
export type { AppendResult, EventStore } from "./event-store.ts";
export { GENESIS_HASH, sealCommit, verifyHistory } from "./hash-chain.ts";
export { createFollower } from "./follow.ts";
export type { Follower } from "./follow.ts";
export { watchHead } from "./head-watch.ts";
export { createHistories } from "./histories.ts";
export type { Histories } from "./histories.ts";
export { createLeases } from "./leases.ts";
export type { Leases } from "./leases.ts";
export { isLogError, LogError } from "./log-error.ts";
export { createMongoEventStore } from "./mongo-event-store.ts";
export { createTail } from "./mongo-tail.ts";
export type { MongoTail } from "./mongo-tail.ts";
export { partitionOf } from "./partition.ts";
export { prepareLog } from "./prepare-log.ts";
export { createRefusals } from "./refusals.ts";
export type { RefusedCommand, RefusalNote } from "./refusal-document.ts";
export type { Refusals } from "./refusals.ts";
export { createSnapshots } from "./snapshots.ts";
export type { Snapshot, Snapshots } from "./snapshots.ts";
export { readHead } from "./store-head.ts";
export type { StoreHead } from "./store-head.ts";
export { createStreamScan } from "./stream-scan.ts";
export type { StreamScan } from "./stream-scan.ts";
export { createTimers } from "./timers.ts";
export type { StoredTimer, TimerChanges, Timers } from "./timers.ts";
export type { Position, Tail, TailBatch, TailedCommit } from "./tail.ts";
export { createErasureNotices } from "./erasure-notices.ts";
export type { EvtInfo, EvtMessage, EvtReader } from "./evt.ts";
export { EVT_STREAM } from "./evt.ts";
export { prepareEvt } from "./evt-stream.ts";
export type { EvtLimits } from "./evt-stream.ts";
export { createEvtReader } from "./evt-reader.ts";
export { createUsedTickets } from "./used-tickets.ts";
export type { UsedTickets } from "./used-tickets.ts";
export { connectNats } from "./nats-connection.ts";
export { createRelay } from "./relay.ts";
export type { Relay, RelayStatus } from "./relay.ts";
