import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { z } from "zod";
import type { Checkpoints, Commit, Leases, Tail, TailBatch } from "../log/index.ts";
import { lastVersion } from "../log/index.ts";
import { aggregates, reactionsOf, upcast, type Reaction } from "../machines/index.ts";
import type { PaymentProvider } from "../payments/index.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { CommandBus } from "./command.ts";
import { Ending } from "./ending.ts";
import { createPerformer, type Perform } from "./reaction.ts";
import { Lanes } from "./reactor-lanes.ts";
import { Progress } from "./reactor-progress.ts";

/** The name of the lease and of the checkpoint. */
const REACTOR = "reactor";
/** Reactions read and not answered; no more is read until there are fewer. */
const REACTIONS_OPEN_MAX = 4_096;
/** Entities whose handled versions are remembered, so that an overlap of the tail costs nothing. */
const ENTITIES_SEEN_MAX = 20_000;

const positionSchema = z.object({ token: z.string().nullable(), time: z.number() });

export interface ReactorOptions {
  readonly bus: CommandBus;
  readonly tail: Tail;
  readonly checkpoints: Checkpoints;
  readonly leases: Leases;
  /** Answers within a deadline, as `withDeadline` makes sure. */
  readonly provider: PaymentProvider;
  readonly clock?: Clock;
  readonly attemptTimeoutMs: number;
  readonly leaseTtlMs: number;
  readonly logger: Logger;
}

/** How the coordination is doing. */
export interface ReactorStatus {
  /** Whether this process is the one that reacts. */
  readonly isActive: boolean;
  readonly isCaughtUp: boolean;
  /** Reactions that were read and are not answered. */
  readonly open: number;
  /** Server time (ms) of the last commit up to which all is answered; 0 = none yet. */
  readonly time: number;
  /** Reactions that were refused or met a bug since the start; each is in the log. */
  readonly bugs: number;
}

/** Event → commands to other entities and calls of the provider, by one process at a time. */
export interface Reactor {
  status(): ReactorStatus;
  /** Takes no further event and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** What one process does while it holds the lease. */
interface Hold {
  readonly perform: Perform;
  readonly lanes: Lanes;
  readonly seen: LRUCache<string, number>;
  /** Entities and lanes that met a bug: nothing more of theirs is done until the next hold. */
  readonly stuck: Set<string>;
  readonly ending: Ending;
  readonly onBug: (bug: { readonly commit: Commit; readonly err: unknown }) => void;
}

/**
 * Starts reacting whenever this process holds the lease. A process that dies, or believes for a
 * while that it still holds the lease, does no harm: what is sent twice has the same command id.
 */
export function createReactor(options: ReactorOptions): Reactor {
  const { tail, checkpoints, leases, leaseTtlMs, clock = systemClock, logger } = options;
  const stopping = new AbortController();
  const state = { isActive: false, isCaughtUp: false, bugs: 0 };
  const lanes = new Lanes();
  let progress = new Progress(checkpoints, REACTOR);
  const perform = createPerformer({ ...options, clock, onBug: () => (state.bugs += 1) });

  function onBug({ commit, err }: { readonly commit: Commit; readonly err: unknown }): void {
    state.bugs += 1;
    const { stream, version, meta } = commit;
    const place = { correlationId: meta.correlationId, stream, version };
    logger.error({ err, ...place }, "the reactor cannot read an event: its entity waits");
  }

  async function react(signal: AbortSignal): Promise<void> {
    progress = new Progress(checkpoints, REACTOR);
    const seen = new LRUCache<string, number>({ max: ENTITIES_SEEN_MAX });
    const ending = new Ending(signal);
    const hold: Hold = { perform, lanes, seen, stuck: new Set(), ending, onBug };
    const saved = positionSchema.safeParse(await checkpoints.load(REACTOR));
    for await (const batch of tail.read(saved.data ?? null, { signal })) {
      const answered = handle(batch, hold);
      progress.add(batch.position, answered, batch.commits.length > 0);
      state.isCaughtUp = batch.isCaughtUp;
      await lanes.atMost(REACTIONS_OPEN_MAX);
    }
  }

  const held = leases.hold(REACTOR, {
    ttlMs: leaseTtlMs,
    signal: stopping.signal,
    async onHeld(_epoch, lost) {
      state.isActive = true;
      try {
        await react(lost);
      } finally {
        await lanes.atMost(0);
        await progress.end();
        state.isActive = state.isCaughtUp = false;
      }
    },
  });

  return {
    status: () => ({ ...state, open: lanes.count, time: progress.time }),
    async stop() {
      stopping.abort();
      await held;
    },
  };
}

/** Sets the reactions of a batch going; true once every one of them is answered. */
async function handle(batch: TailBatch, hold: Hold): Promise<boolean> {
  const answers = batch.commits.flatMap(({ commit }) => handleCommit(commit, hold));
  return (await Promise.all(answers)).every((isAnswered) => isAnswered);
}

/**
 * What one entity asks of another is asked in the order of its versions; what it asks of different
 * ones is independent, as each waits for nothing but its own answers.
 */
function handleCommit(commit: Commit, hold: Hold): Promise<boolean>[] {
  const { lanes, seen, stuck, ending } = hold;
  const { stream } = commit;
  const known = seen.get(stream) ?? 0;
  if (lastVersion(commit) <= known) return [];
  if (stuck.has(stream)) return [Promise.resolve(false)];
  seen.set(stream, lastVersion(commit));
  const reactions = reactionsAfter(commit, known, hold);
  if (reactions === null) return [Promise.resolve(false)];
  return reactions.map(({ reaction, version }) => {
    const lane = `${stream}>${targetOf(reaction)}`;
    return lanes.run(lane, async () => {
      if (stuck.has(lane)) return false;
      const isAnswered = await hold.perform(reaction, { commit, version }, ending);
      if (!isAnswered) stuck.add(lane);
      return isAnswered;
    });
  });
}

/** The reactions to a commit's events after a version; null when today's code cannot read one. */
function reactionsAfter(
  commit: Commit,
  known: number,
  hold: Hold,
): readonly { readonly reaction: Reaction; readonly version: number }[] | null {
  const { stream, aggregate, events } = commit;
  try {
    return events.flatMap((stored, offset) => {
      const version = commit.version + offset;
      if (version <= known) return [];
      const event = upcast(aggregates[aggregate], stored);
      const recorded = { aggregate, stream, version, event };
      return reactionsOf(recorded).map((reaction) => ({ reaction, version }));
    });
  } catch (err) {
    // Code that can read it may come with the next deployment: the position waits for that.
    hold.onBug({ commit, err });
    hold.stuck.add(stream);
    return null;
  }
}

function targetOf(reaction: Reaction): string {
  return reaction.kind === "command" ? reaction.entityId : reaction.record.entityId;
}
