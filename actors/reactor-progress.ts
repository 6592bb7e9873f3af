import type { Checkpoints, Position } from "../log/index.ts";

/** Under load the checkpoint moves this often; what it misses is sent again, to no effect. */
const SAVE_INTERVAL_MS = 250;
/** In quiet times it moves this often, so that it cannot age out of the oplog. */
const QUIET_SAVE_INTERVAL_MS = 30_000;

/** From so many batches on that are read and not passed, those that are done are put together. */
const STRETCHES_OPEN_MAX = 1_024;

interface Stretch {
  readonly position: Position;
  readonly isNews: boolean;
  isDone: boolean;
}

/**
 * How far all commands are answered: the position after the last batch before which nothing is
 * open. Batches end in any order; the position moves over them in theirs.
 */
export class Progress {
  readonly #checkpoints: Checkpoints;
  readonly #name: string;
  readonly #open: Stretch[] = [];
  #reached: Stretch | null = null;
  #hasNews = false;
  #saved: Stretch | null = null;
  #savedAt = 0;
  #saving: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(checkpoints: Checkpoints, name: string) {
    this.#checkpoints = checkpoints;
    this.#name = name;
  }

  /** Server time of the last commit up to which everything is answered; 0 = none yet. */
  get time(): number {
    return this.#reached?.position.time ?? 0;
  }

  /** Takes a batch in; the position moves over it once all of it is answered, if it ever is. */
  add(position: Position, answered: Promise<boolean>, isNews: boolean): void {
    const stretch: Stretch = { position, isNews, isDone: false };
    this.#open.push(stretch);
    void answered.then((isDone) => {
      stretch.isDone = isDone;
      if (isDone) this.#advance();
    });
  }

  #advance(): void {
    if (this.#open.length > STRETCHES_OPEN_MAX) this.#thin();
    for (let first = this.#open[0]; first?.isDone === true; first = this.#open[0]) {
      this.#open.shift();
      this.#reached = first;
      this.#hasNews ||= first.isNews;
    }
    this.#plan();
  }

  /** Behind one that is stuck, neighbours that are done count as one. */
  #thin(): void {
    const kept = this.#open.filter(
      ({ isDone }, at) => !isDone || this.#open[at + 1]?.isDone !== true,
    );
    this.#open.splice(0, this.#open.length, ...kept);
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#isEnded || this.#reached === this.#saved || this.#saving !== null) return;
    const intervalMs = this.#hasNews ? SAVE_INTERVAL_MS : QUIET_SAVE_INTERVAL_MS;
    const waitMs = Math.max(0, this.#savedAt + intervalMs - performance.now());
    this.#timer = setTimeout(() => void this.save(), waitMs);
  }

  /** Saves where it stands. What cannot be saved now is saved later; nothing depends on it. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
    const reached = this.#reached;
    if (reached === null || reached === this.#saved) return;
    this.#savedAt = performance.now();
    this.#hasNews = false;
    this.#saving = this.#checkpoints.save(this.#name, reached.position).then(
      () => void (this.#saved = reached),
      () => void (this.#hasNews = true),
    );
    await this.#saving;
    this.#saving = null;
    this.#plan();
  }

  /** Saves once more and ends; what is not saved is sent again by the next holder. */
  async end(): Promise<void> {
    await this.save();
    clearTimeout(this.#timer);
    this.#isEnded = true;
  }
}
