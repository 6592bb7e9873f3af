import { aggregates } from "../machines/index.ts";
import type { AppendResult, Commit } from "../log/index.ts";
import type { Attempt } from "./attempt.ts";
import { backOff } from "./back-off.ts";
import type { Doubts } from "./doubts.ts";
import { emptyHead, WrongAggregate } from "./head.ts";
import type { EntityHead } from "./head.ts";
import { Mailbox } from "./mailbox.ts";
import { isPassing, logFault } from "./fault.ts";
import { faulted, keyReused, notFound } from "./outcome.ts";
import { settleAnswers, settleTurn } from "./settle.ts";
import type { Found, Settlement } from "./settle.ts";
import { Standing } from "./standing.ts";
import type { EntityName, StandingHost } from "./standing.ts";
import { answerStored } from "./stored-answer.ts";
import { decideStep } from "./turn.ts";
import type { CommitOrigin, Step } from "./turn.ts";

/** What the entities of a process share. */
export interface EntityHost extends StandingHost {
  readonly origin: CommitOrigin;
  readonly doubts: Doubts;
  /** Called each time the entity has no more work. */
  onIdle(entity: Entity): void;
}

/**
 * One order or product: a live XState actor behind a bounded mailbox. Turn by turn it decides,
 * appends, hands over and answers, nothing else, in that order; when anything but its own commit
 * landed, it brings itself up to date and decides again.
 */
export class Entity {
  readonly name: EntityName;
  readonly #host: EntityHost;
  readonly #mailbox: Mailbox;
  readonly #standing: Standing;
  /** Attempts of the turn under way, so that deadlines end them while the store is silent. */
  #current: readonly Attempt[] = [];
  #failuresInARow = 0;
  /** Attempts to take one by one, because a chain held a commit that can never be stored. */
  #singlesLeft = 0;
  /** False once a guess has failed, until the entity has been loaded. */
  #mayGuess = true;
  #isRunning = false;

  constructor(name: EntityName, host: EntityHost) {
    this.name = name;
    this.#host = host;
    this.#mailbox = new Mailbox(host.limits.mailboxSizeMax);
    this.#standing = new Standing(name, host);
  }

  /** False when nothing of the entity is worth keeping in memory. */
  get isLoaded(): boolean {
    return this.#standing.head !== null;
  }

  /** False when the mailbox is full; the attempt is untouched then. */
  offer(attempt: Attempt): boolean {
    if (!this.#mailbox.offer(attempt)) return false;
    if (!this.#isRunning) {
      this.#isRunning = true;
      void this.#run();
    }
    return true;
  }

  /** Ends attempts whose deadline has passed, those of the turn under way included. */
  expire(now: number): void {
    for (const attempt of this.#current) attempt.expire(now);
    this.#mailbox.expire(now);
  }

  /** Stops the live actor and forgets the state; the next command brings both back. */
  stop(): void {
    this.#standing.forget();
    this.#mayGuess = true;
  }

  async #run(): Promise<void> {
    while (this.#mailbox.size > 0) {
      try {
        await this.#turn();
      } catch (fault) {
        this.#crash(fault);
      }
      this.#current = [];
    }
    this.#isRunning = false;
    this.#host.onIdle(this);
  }

  async #turn(): Promise<void> {
    const head = this.#guess() ?? (await this.#load());
    if (head === null) return;
    const steps = this.#decide(head);
    if (steps.length === 0) return this.#waitForDoubts();
    this.#current = steps.map(({ attempt }) => attempt);
    const settlement = await this.#prove(head, steps);
    if (settlement !== null) await this.#settle(settlement);
  }

  /**
   * A creation that arrives at an entity not loaded yet is decided on the empty head without
   * asking: if the stream is not empty, its commit cannot land.
   */
  #guess(): EntityHead | null {
    if (this.isLoaded || !this.#mayGuess) return null;
    this.#mayGuess = false;
    const { commands } = aggregates[this.name.aggregate];
    const next = this.#mailbox.peek();
    if (next === undefined || commands[next.envelope.command.type]?.creates !== true) return null;
    return emptyHead(aggregates[this.name.aggregate]);
  }

  async #load(): Promise<EntityHead | null> {
    try {
      return await this.#standing.upToDate();
    } catch (error) {
      if (isPassing(error)) await this.#pause();
      else this.#endAll(error);
      return null;
    }
  }

  /** A hot entity decides a chain; otherwise the turn ends with the first command that writes. */
  #decide(head: EntityHead): Step[] {
    const { hotQueueSizeMin, chainLengthMax } = this.#host.limits;
    const isHot = this.#mailbox.size >= hotQueueSizeMin && this.#singlesLeft === 0;
    const batch = this.#mailbox.take(isHot ? chainLengthMax : hotQueueSizeMin);
    this.#current = batch;
    if (this.#singlesLeft > 0) this.#singlesLeft -= 1;
    const steps: Step[] = [];
    const held: Attempt[] = [];
    const writing = new Set<string>();
    let speculative = head;
    for (const [index, attempt] of batch.entries()) {
      const { commandId } = attempt.envelope;
      // An id that this turn is about to store is looked up in the next one, when it is stored.
      if (writing.has(commandId) || (writing.size > 0 && !isHot)) {
        this.#mailbox.putBack(batch.slice(index));
        break;
      }
      if (attempt.expire(Date.now())) continue;
      const step = decideStep(speculative, attempt, this.#host.origin);
      if (step.kind === "answer" && this.#host.doubts.isOpen(commandId, head.version)) {
        held.push(attempt);
        continue;
      }
      steps.push(step);
      if (step.kind === "answer") continue;
      speculative = step.after;
      writing.add(commandId);
    }
    this.#mailbox.putBack(held);
    return steps;
  }

  /** Nothing could be decided for good: what is in doubt may have landed by the next look. */
  async #waitForDoubts(): Promise<void> {
    if (this.#mailbox.size === 0) return;
    this.#standing.distrust();
    await this.#pause();
  }

  /** Null when a commit can never be stored: its command has been answered, the others wait. */
  async #prove(head: EntityHead, steps: readonly Step[]): Promise<Settlement | null> {
    const commits = steps.flatMap((step) => (step.kind === "write" ? [step.commit] : []));
    const answers = steps.flatMap((step) => (step.kind === "answer" ? [step] : []));
    const ids = answers.map(({ attempt }) => attempt.envelope.commandId);
    const { store } = this.#host;
    if (commits.length === 0) {
      const proof = await store
        .prove(this.name.id, head.version, ids)
        .catch(() => ({ found: null, isBehind: false }));
      return settleAnswers(answers, proof);
    }
    const looking: Promise<Found> =
      ids.length === 0 ? Promise.resolve(new Map()) : store.find(ids).catch(() => null);
    try {
      return settleTurn(steps, await this.#append(commits, steps), await looking);
    } catch (fault) {
      this.#setAside(steps, fault);
      return null;
    }
  }

  async #append(
    commits: readonly Commit[],
    steps: readonly Step[],
  ): Promise<readonly AppendResult[]> {
    const { store } = this.#host;
    const deadline = Math.max(...steps.map(({ attempt }) => attempt.deadline));
    const [only] = commits;
    if (only === undefined || commits.length > 1) return store.appendChain(commits, deadline);
    return [await store.append(only, deadline)];
  }

  async #settle(settlement: Settlement): Promise<void> {
    for (const { attempt, commit, events, after } of settlement.landed) {
      this.#standing.advance(events, after);
      const { version, state } = after;
      attempt.settle({
        kind: "accepted",
        version,
        state,
        events,
        at: commit.at,
        repeated: false,
      });
    }
    for (const { attempt, outcome, fault } of settlement.proved) {
      if (fault !== undefined) logFault(this.#host.logger, attempt, fault);
      attempt.settle(outcome);
    }
    for (const { attempt, commit } of settlement.stored) {
      void answerStored(this.#host, { attempt, commit, head: this.#standing.head });
    }
    for (const attempt of settlement.keyReused) attempt.settle(keyReused(attempt.envelope));
    for (const { step, cause } of settlement.unknown) {
      this.#host.doubts.add(step.commit.id, step.commit.version);
      step.attempt.settle({ kind: "unknown", cause });
    }
    this.#mailbox.putBack(settlement.again);
    if (settlement.isStale) this.#standing.distrust();
    // A fault crashes the actor; what it had not begun is decided by the one started in its place.
    if (settlement.proved.some(({ fault }) => fault !== undefined)) this.stop();
    if (settlement.needsPause) await this.#pause();
    else this.#failuresInARow = 0;
  }

  /** Answers the command whose commit no store takes; in a chain it is found one by one. */
  #setAside(steps: readonly Step[], fault: unknown): void {
    const writes = steps.filter(({ kind }) => kind === "write");
    const [only] = writes;
    this.stop();
    if (only !== undefined && writes.length === 1) {
      logFault(this.#host.logger, only.attempt, fault);
      only.attempt.settle(faulted);
      this.#mailbox.putBack(steps.filter((step) => step !== only).map(({ attempt }) => attempt));
    } else {
      this.#mailbox.putBack(steps.map(({ attempt }) => attempt));
      this.#singlesLeft = steps.length;
    }
  }

  async #pause(): Promise<void> {
    this.#failuresInARow += 1;
    await backOff(this.#failuresInARow, this.#host.limits.backoffMsMax);
  }

  /** A bug of this room: whatever was under way is open, the rest is decided by a fresh actor. */
  #crash(fault: unknown): void {
    logFault(this.#host.logger, this.#current[0], fault);
    for (const attempt of this.#current) attempt.settle({ kind: "unknown", cause: fault });
    this.stop();
  }

  /** The history cannot be folded: nobody can be answered, now or by trying again. */
  #endAll(error: unknown): void {
    this.stop();
    const waiting = this.#mailbox.take(Number.MAX_SAFE_INTEGER);
    const isForeign = error instanceof WrongAggregate;
    if (!isForeign) logFault(this.#host.logger, waiting[0], error);
    for (const attempt of waiting) {
      attempt.settle(isForeign ? notFound(attempt.envelope) : faulted);
    }
  }
}
