import type { NatsConnection } from "nats";
import type { Checkpoints } from "./checkpoints.ts";
import type { Commit } from "./commit.ts";
import type { EventStore } from "./event-store.ts";
import type { OutgoingEvent } from "./evt-message.ts";
import type { EvtState, EvtStream, StoredMark } from "./evt-stream.ts";
import { JetstreamError } from "./jetstream-error.ts";
import { isOvertaking, lookUp, missingEvents } from "./last-versions.ts";
import type { LastVersions } from "./last-versions.ts";
import type { MongoTail } from "./mongo-tail.ts";
import { createChain } from "./relay-batch.ts";
import type { Chain } from "./relay-batch.ts";
import { savePosition, saveRepair } from "./relay-checkpoint.ts";
import type { Position } from "./tail.ts";

/** Server times run against the change stream's order by less than a second. */
const SCAN_OVERLAP_MS = 60_000;

/** What a repair works with; all of it ends with `signal`. */
export interface RepairOptions {
  readonly nats: NatsConnection;
  readonly store: Pick<EventStore, "read">;
  readonly tail: MongoTail;
  readonly checkpoints: Checkpoints;
  readonly evt: EvtStream;
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
  readonly onStored: (count: number) => void;
}

/** Everything up to `position` is in the stream, which ends where `chain` does. */
export interface Repaired {
  readonly chain: Chain;
  readonly position: Position;
}

/**
 * Brings the stream level with MongoDB whatever was lost: asks it for each entity's last event and
 * publishes what is missing. Its messages carry no position, so that a death half way is repaired
 * again. Throws RELAY_INTERRUPTED (attach anew) when another relay publishes meanwhile.
 */
export async function repair(options: RepairOptions): Promise<Repaired> {
  const { tail, checkpoints, evt, signal } = options;
  await saveRepair(checkpoints);
  const state = await requireState(evt);
  const last = state.lastSequence === 0 ? null : await evt.markAt(state.lastSequence);
  const end = { sequence: state.lastSequence, messageId: last?.mark?.messageId ?? "" };
  const chain = createChain(options.nats, end, options);
  const start = await tail.now();
  // A commit before `start` may not be on a majority yet, where the scan would not see it; after
  // this write to a majority it is (measured: without it 3 to 10 % of scans under load miss some).
  await saveRepair(checkpoints);

  await publishScan(options, chain, { isEmpty: state.messages === 0, since: since(options, last) });
  signal.throwIfAborted();
  const finish = await tail.now();
  // The position now lies after the last commit, where a quiet oplog would not lead; this does.
  await saveRepair(checkpoints);
  const position = await publishTail(options, chain, { start, finish });

  signal.throwIfAborted();
  await savePosition(checkpoints, position, { ...chain.end, created: state.created });
  return { chain, position };
}

async function requireState(evt: EvtStream): Promise<EvtState> {
  const state = await evt.state();
  if (state === null) throw new JetstreamError("RELAY_INTERRUPTED", "The stream is gone.");
  return state;
}

/** What is older was aged out of the stream, or lies before its last proved position. */
function since(options: RepairOptions, last: StoredMark | null): number {
  const oldest = Math.max(0, Date.now() - options.maxAgeMs);
  const position = last?.mark?.position;
  if (position === null || position === undefined) return oldest;
  return Math.max(oldest, position.time - SCAN_OVERLAP_MS);
}

async function publishScan(
  options: RepairOptions,
  chain: Chain,
  { isEmpty, since }: { isEmpty: boolean; since: number },
): Promise<void> {
  const { evt, tail, signal } = options;
  const overtaken: LastVersions = new Map();
  let partition = -1;
  let known: LastVersions = new Map();
  for await (const commits of tail.scan(since, signal)) {
    const events: OutgoingEvent[] = [];
    for (const group of byPartition(commits)) {
      // An entity is in one partition only, so the versions of the one before are of no more use.
      if (group.partition !== partition) known = new Map();
      partition = group.partition;
      const { sequence } = chain.end;
      if (!isEmpty) await lookUp(evt, group.commits, { known, endSequence: sequence });
      for (const commit of group.commits) {
        if (isOvertaking(commit, known)) {
          overtaken.set(commit.stream, known.get(commit.stream) ?? 0);
        }
        if (overtaken.has(commit.stream)) continue;
        events.push(...missingEvents([commit], known));
      }
    }
    await chain.publish(events);
  }
  await publishOvertaken(options, chain, overtaken);
}

/** Their whole history is read at once, in order; they are few, if there are any at all. */
async function publishOvertaken(
  { store, signal }: RepairOptions,
  chain: Chain,
  overtaken: LastVersions,
): Promise<void> {
  for (const stream of overtaken.keys()) {
    signal.throwIfAborted();
    await chain.publish(missingEvents(await store.read(stream, 0), overtaken));
  }
}

/** Follows from before the scan to after it, so that nothing falls between scan and live. */
async function publishTail(
  { evt, tail, signal }: RepairOptions,
  chain: Chain,
  { start, finish }: { start: Position; finish: Position },
): Promise<Position> {
  if (start.token === null || finish.token === null) throw lost();
  for await (const batch of tail.read(start, { signal })) {
    const commits = batch.commits.map((tailed) => tailed.commit);
    if (batch.commits.some((tailed) => tailed.position.token === null)) throw lost();
    const known: LastVersions = new Map();
    await lookUp(evt, commits, { known, endSequence: chain.end.sequence });
    await chain.publish(missingEvents(commits, known));
    // Tokens ascend strictly as strings.
    // Tokens ascend strictly as strings.
    const { token } = batch.position;
    if (token !== null && token >= finish.token) return batch.position;
  }
  throw new JetstreamError("RELAY_INTERRUPTED", "The repair was stopped.");
}

function lost(): JetstreamError {
  return new JetstreamError("RELAY_POSITION_LOST", "The change stream's position was lost.");
}

function byPartition(
  commits: readonly Commit[],
): readonly { readonly partition: number; readonly commits: readonly Commit[] }[] {
  const groups: { partition: number; commits: Commit[] }[] = [];
  for (const commit of commits) {
    const group = groups.at(-1);
    if (group?.partition === commit.partition) group.commits.push(commit);
    else groups.push({ partition: commit.partition, commits: [commit] });
  }
  return groups;
}
