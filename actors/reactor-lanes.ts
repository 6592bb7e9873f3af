/**
 * Work of one lane runs one after the other, in the order it came; lanes run side by side. Work
 * must not throw.
 */
export class Lanes {
  readonly #ends = new Map<string, Promise<unknown>>();
  #count = 0;
  #onLess: (() => void)[] = [];

  run<Result>(lane: string, work: () => Promise<Result>): Promise<Result> {
    this.#count += 1;
    const before = this.#ends.get(lane);
    const result = before === undefined ? work() : before.then(work);
    const end = result.finally(() => {
      if (this.#ends.get(lane) === end) this.#ends.delete(lane);
      this.#count -= 1;
      for (const resolve of this.#onLess.splice(0)) resolve();
    });
    this.#ends.set(lane, end);
    return result;
  }

  /** Pieces of work that have not ended. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when no more than so many pieces of work are left. */
  async atMost(count: number): Promise<void> {
    while (this.#count > count) {
      await new Promise<void>((resolve) => this.#onLess.push(resolve));
    }
  }
}
