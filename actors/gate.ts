/** Lets so many pieces of work run at once; the others wait in the order they came. */
export class Gate {
  readonly #countMax: number;
  readonly #waiting: (() => void)[] = [];
  #count = 0;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#count >= this.#countMax) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#count += 1;
    try {
      return await work();
    } finally {
      // The place goes over to the next one, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#count -= 1;
      else next();
    }
  }
}
