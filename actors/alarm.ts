/** A sleep that ends early when something is due before its end; a ring while awake counts too. */
export class Alarm {
  #wakeAt = Infinity;
  #isRung = false;
  #wake: (() => void) | null = null;

  /** From here on a ring is remembered for the next sleep. */
  arm(): void {
    this.#isRung = false;
    this.#wakeAt = Infinity;
  }

  /** Wakes the sleeper if it would sleep past a moment (ms); without one in any case. */
  ring(dueAt = -Infinity): void {
    if (dueAt >= this.#wakeAt) return;
    this.#isRung = true;
    this.#wake?.();
  }

  async sleep(durationMs: number, now: number): Promise<void> {
    if (this.#isRung) return;
    this.#wakeAt = now + durationMs;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
