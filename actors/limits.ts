/** Every bound of this room, by name. The defaults suit one process of some gigabytes. */
export interface ActorLimits {
  /** Commands that may wait at one entity; one more is answered `OVERLOADED` at once. */
  readonly mailboxSizeMax: number;
  /** Entities held in memory; the least recently used idle one makes room. */
  readonly activeEntitiesMax: number;
  /** Commands under way in this process, joined repeats included. */
  readonly commandsInFlightMax: number;
  /** An entity without work for this long is stopped and forgotten. */
  readonly idleTimeoutMs: number;
  /** How often idle entities and passed deadlines are looked for. */
  readonly sweepIntervalMs: number;
  /** The deadline that the bus gives to an attempt after the first. */
  readonly attemptTimeoutMs: number;
  /** Attempts of one command, the first included, before it is `UNAVAILABLE`. */
  readonly attemptsMax: number;
  /** From so many queued commands on, an entity appends them as a chain (facts/mongodb.md 8). */
  readonly hotQueueSizeMin: number;
  readonly chainLengthMax: number;
  readonly snapshotEveryEvents: number;
  readonly snapshotsInFlightMax: number;
  /** Longest pause before a lost race or a failed read is tried again. */
  readonly backoffMsMax: number;
}

/** The bounds that a bus keeps where its creator names no others. */
export const defaultLimits: ActorLimits = {
  mailboxSizeMax: 1_000,
  activeEntitiesMax: 10_000,
  commandsInFlightMax: 20_000,
  idleTimeoutMs: 60_000,
  sweepIntervalMs: 250,
  attemptTimeoutMs: 5_000,
  attemptsMax: 3,
  hotQueueSizeMin: 8,
  chainLengthMax: 100,
  snapshotEveryEvents: 100,
  snapshotsInFlightMax: 4,
  backoffMsMax: 500,
};
