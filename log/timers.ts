import { EventEmitter } from "node:events";
import type { Collection, Db } from "mongodb";
import type { AggregateName } from "../machines/index.ts";
import { namedFailures, unavailable } from "./mongo-errors.ts";

/** Timers in one bulkWrite. */
const TIMERS_PER_WRITE_MAX = 500;

/** A command that is due at a moment, unless its entity has moved on by then. */
export interface StoredTimer {
  /** `stream/timer[/part]/enteredVersion`: the same for whoever projects the same events. */
  readonly timerId: string;
  readonly aggregate: AggregateName;
  readonly stream: string;
  readonly command: string;
  readonly data: object;
  /** ISO 8601, absolute. */
  readonly dueAt: string;
}

/** What the events of some entities have done to their timers. */
export interface TimerChanges {
  readonly begun: readonly StoredTimer[];
  /** Ids of timers that will never be due again. */
  readonly ended: readonly string[];
}

/** Timers that stand, for whoever fires them. All reads and writes throw `STORE_UNAVAILABLE`. */
export interface Timers {
  /** Makes the collection's index; may be done again. */
  prepare(): Promise<void>;
  /** Durable on a majority when it resolves; done again it changes nothing. */
  change(changes: TimerChanges): Promise<void>;
  /** Those due at a moment, the earliest first. */
  due(at: Date, countMax: number): Promise<readonly StoredTimer[]>;
  /** The moment at which the next one is due; null when there is none. */
  next(): Promise<Date | null>;
  remove(timerIds: readonly string[]): Promise<void>;
  /** Sets a new moment; a timer that is gone stays gone. */
  postpone(timerId: string, dueAt: Date): Promise<void>;
  /** Calls back with the earliest moment of timers that this process has begun, until undone. */
  onBegun(listener: (earliest: Date) => void): () => void;
}

interface TimerDocument {
  readonly _id: string;
  readonly t: AggregateName;
  readonly s: string;
  readonly command: string;
  readonly data: object;
  readonly due: Date;
}

/** Timers in the collection `timers`. */
export function createTimers(db: Db): Timers {
  const timers = db.collection<TimerDocument>("timers", { writeConcern: { w: "majority" } });
  const begun = new EventEmitter<{ begun: [Date] }>();
  return {
    prepare: () =>
      translated(async () => {
        await timers.createIndex({ due: 1 });
      }),
    async change(changes) {
      await translated(() => write(timers, changes));
      const moments = changes.begun.map(({ dueAt }) => Date.parse(dueAt));
      if (moments.length > 0) begun.emit("begun", new Date(Math.min(...moments)));
    },
    due: (at, countMax) =>
      translated(async () => {
        const found = timers.find({ due: { $lte: at } }).sort({ due: 1 });
        return (await found.limit(countMax).toArray()).map(toTimer);
      }),
    next: () =>
      translated(async () => {
        const first = await timers.findOne({}, { sort: { due: 1 }, projection: { due: 1 } });
        return first?.due ?? null;
      }),
    remove: (timerIds) =>
      translated(async () => {
        await timers.deleteMany({ _id: { $in: [...timerIds] } });
      }),
    postpone: (_id, due) =>
      translated(async () => {
        await timers.updateOne({ _id }, { $set: { due } });
      }),
    onBegun(listener) {
      begun.on("begun", listener);
      return () => void begun.off("begun", listener);
    },
  };
}

/** A timer that exists stays as it is: it may have been postponed. */
async function write(
  timers: Collection<TimerDocument>,
  { begun, ended }: TimerChanges,
): Promise<void> {
  const writes = [
    ...begun.map((timer) => {
      const { _id, ...fields } = toDocument(timer);
      return { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } };
    }),
    ...ended.map((_id) => ({ deleteOne: { filter: { _id } } })),
  ];
  for (let start = 0; start < writes.length; start += TIMERS_PER_WRITE_MAX) {
    try {
      await timers.bulkWrite(writes.slice(start, start + TIMERS_PER_WRITE_MAX), { ordered: false });
    } catch (error) {
      // Another projector was faster by a moment, with the same timer.
      const failures = namedFailures(error) ?? new Map([[0, "unclear"]]);
      if ([...failures.values()].some((failure) => failure !== "duplicate")) throw error;
    }
  }
}

function toDocument({ timerId, aggregate, stream, command, data, dueAt }: StoredTimer) {
  return { _id: timerId, t: aggregate, s: stream, command, data, due: new Date(dueAt) };
}

function toTimer({ _id, t, s, command, data, due }: TimerDocument): StoredTimer {
  return { timerId: _id, aggregate: t, stream: s, command, data, dueAt: due.toISOString() };
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}
