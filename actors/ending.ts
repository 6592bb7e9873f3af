/**
 * The coming end of some work, as many who wait at once can know of it: one listener on the signal
 * however many they are, where one each would be reported as a leak.
 */
export class Ending {
  readonly #signal: AbortSignal;
  readonly #waiting = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    const end = () => {
      for (const giveUp of this.#waiting) giveUp();
    };
    signal.addEventListener("abort", end, { once: true });
  }

  get isHere(): boolean {
    return this.#signal.aborted;
  }

  /** The result, or null when the end comes first; then what becomes of it is nobody's. */
  async orEnd<Result>(work: Promise<Result>): Promise<Result | null> {
    if (this.isHere) {
      work.catch(() => undefined);
      return null;
    }
    let giveUp: () => void = () => undefined;
    const ended = new Promise<null>((resolve) => {
      giveUp = () => resolve(null);
      this.#waiting.add(giveUp);
    });
    try {
      return await Promise.race([work, ended]);
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  /** Resolves after so long, at the end at the latest. */
  async sleep(durationMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, durationMs);
    });
    await this.orEnd(slept);
    clearTimeout(timer);
  }
}
