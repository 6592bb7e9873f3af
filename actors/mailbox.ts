import type { Attempt } from "./attempt.ts";

/** Attempts in the order they came, at most `sizeMax` of them; those put back keep their place. */
export class Mailbox {
  readonly #sizeMax: number;
  #waiting: Attempt[] = [];
  /** Taken attempts are skipped by index, so that taking one does not move the others. */
  #taken = 0;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get size(): number {
    return this.#waiting.length - this.#taken;
  }

  /** False, and nothing is kept, when the mailbox is full. */
  offer(attempt: Attempt): boolean {
    if (this.size >= this.#sizeMax) return false;
    this.#waiting.push(attempt);
    return true;
  }

  /** The next attempt, left where it is. */
  peek(): Attempt | undefined {
    return this.#waiting[this.#taken];
  }

  /** Removes the next attempts that are not over yet. */
  take(countMax: number): Attempt[] {
    const now = Date.now();
    const batch: Attempt[] = [];
    while (batch.length < countMax && this.#taken < this.#waiting.length) {
      const next = this.#waiting[this.#taken];
      this.#taken += 1;
      if (next !== undefined && !next.expire(now)) batch.push(next);
    }
    if (this.#taken === this.#waiting.length) {
      this.#waiting = [];
      this.#taken = 0;
    }
    return batch;
  }

  /** Puts taken attempts back before all others; never refused, their places were theirs. */
  putBack(attempts: readonly Attempt[]): void {
    if (attempts.length === 0) return;
    this.#waiting = [...attempts, ...this.#waiting.slice(this.#taken)];
    this.#taken = 0;
  }

  /** Ends every waiting attempt whose deadline has passed. */
  expire(now: number): void {
    let isAnyOver = false;
    for (let index = this.#taken; index < this.#waiting.length; index += 1) {
      if (this.#waiting[index]?.expire(now) === true) isAnyOver = true;
    }
    if (!isAnyOver) return;
    this.#waiting = this.#waiting.slice(this.#taken).filter((attempt) => !attempt.isSettled);
    this.#taken = 0;
  }
}
