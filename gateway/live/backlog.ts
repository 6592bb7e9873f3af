/** One peer's share of what waits to be read. */
export interface Held {
  /** Bytes that wait for it just now. */
  bytes(): number;
  /** Cuts it off and lets go of what waits. */
  cut(): void;
}

/** What waits for the peers of one process, all together. */
export interface Backlog {
  /** So many bytes wait for a peer now. While it is too much, cuts off who has most waiting. */
  note(held: Held, bytes: number): void;
  /** The peer is gone. */
  leave(held: Held): void;
}

/** Of so few bytes no account is kept: nearly every peer has them for a moment. */
const SMALL_BYTES = 4_096;

/**
 * Keeps what waits within a bound. What was noted may be out of date, as most of it has been read
 * since; so everything is measured before anybody is cut off.
 */
export function createBacklog(bytesMax: number): Backlog {
  const noted = new Map<Held, number>();
  let total = 0;

  const set = (held: Held, bytes: number): void => {
    total += bytes - (noted.get(held) ?? 0);
    if (bytes > 0) noted.set(held, bytes);
    else noted.delete(held);
  };

  const relieve = (): void => {
    for (const held of [...noted.keys()]) set(held, held.bytes());
    const largestFirst = [...noted].sort(([, one], [, other]) => other - one);
    for (const [held] of largestFirst) {
      if (total <= bytesMax) return;
      set(held, 0);
      held.cut();
    }
  };

  return {
    note(held, bytes) {
      if (bytes <= SMALL_BYTES && !noted.has(held)) return;
      set(held, bytes <= SMALL_BYTES ? 0 : bytes);
      if (total > bytesMax) relieve();
    },
    leave: (held) => set(held, 0),
  };
}
