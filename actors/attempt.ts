import type { Refusal } from "../machines/index.ts";
import type { CommandEnvelope, CommandOutcome } from "./command.ts";

/** How one attempt ended; after `unknown` the outcome is open and the bus may try again. */
export type AttemptResult = CommandOutcome | { readonly kind: "unknown"; readonly cause: unknown };

/**
 * One try of one command at its entity. The first `settle` counts: an attempt whose deadline passed
 * stays unknown although its commit may land later, and the next one finds that commit.
 */
export class Attempt {
  readonly envelope: CommandEnvelope;
  /** Why the command's own form is wrong; answered only once its id is known to be unused. */
  readonly malformed: Refusal | null;
  readonly deadline: number;
  readonly result: Promise<AttemptResult>;
  #resolve: ((result: AttemptResult) => void) | null = null;

  constructor(envelope: CommandEnvelope, malformed: Refusal | null, deadline: number) {
    this.envelope = envelope;
    this.malformed = malformed;
    this.deadline = deadline;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isSettled(): boolean {
    return this.#resolve === null;
  }

  settle(result: AttemptResult): void {
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.(result);
  }

  /** Ends the attempt as unknown when its deadline has passed; says whether it is over. */
  expire(now: number): boolean {
    if (!this.isSettled && now >= this.deadline) {
      this.settle({ kind: "unknown", cause: new Error("deadline passed") });
    }
    return this.isSettled;
  }
}
