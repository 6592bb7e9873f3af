import type { Collection } from "mongodb";
import { backOff } from "./backoff.ts";
import type { Commit } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { createDeadlineWatch } from "./deadline-watch.ts";
import type { AppendResult } from "./event-store.ts";
import type { InsertOutcome } from "./insert-commits.ts";
import { insertCommits } from "./insert-commits.ts";
import { isLogError } from "./log-error.ts";
import type { Lookups } from "./lookups.ts";
import type { PreparedCommit } from "./pending-append.ts";
import { judgeDuplicate, overloaded, prepareCommit, refusedByValidator } from "./pending-append.ts";

const COMMITS_PER_INSERT_MAX = 128;
const INSERTS_IN_FLIGHT_MAX = 2;
const APPENDS_WAITING_MAX = 10_000;

/** One caller's append, until it is settled or fails. */
class Pending {
  readonly commit: Commit;
  readonly document: CommitDocument;
  readonly deadline: number;
  isSettled = false;
  lastCause: unknown;
  readonly #caller: Caller;

  constructor({ commit, document }: PreparedCommit, deadline: number, caller: Caller) {
    this.commit = commit;
    this.document = document;
    this.deadline = deadline;
    this.#caller = caller;
  }

  settle(result: AppendResult): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#caller.resolve(result);
  }

  fail(error: unknown): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#caller.reject(error);
  }
}

interface Caller {
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers the appends of a turn of the event loop into one unordered insert. */
export function createAppendBatches(
  events: Collection<CommitDocument>,
  lookups: Lookups,
): (commit: Commit, deadline: number) => Promise<AppendResult> {
  let queue: Pending[] = [];
  const streamsInFlight = new Set<string>();
  let insertsInFlight = 0;
  let isScheduled = false;
  const watch = createDeadlineWatch<Pending>((pending) => {
    const cause = pending.lastCause ?? new Error("The deadline passed before the store answered");
    pending.settle({ kind: "unknown", cause });
  });

  function schedule(): void {
    if (isScheduled || queue.length === 0 || insertsInFlight >= INSERTS_IN_FLIGHT_MAX) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      const batch = takeBatch();
      if (batch.length === 0) return;
      insertsInFlight += 1;
      void deliver(events, lookups, batch).finally(() => {
        insertsInFlight -= 1;
        for (const pending of batch) {
          streamsInFlight.delete(pending.commit.stream);
          watch.remove(pending);
        }
        schedule();
      });
      schedule();
    });
  }

  /** At most one commit per stream is under way, so an unordered insert cannot leave a gap. */
  function takeBatch(): Pending[] {
    const batch: Pending[] = [];
    const left: Pending[] = [];
    for (const pending of queue) {
      if (pending.isSettled) continue;
      if (batch.length < COMMITS_PER_INSERT_MAX && !streamsInFlight.has(pending.commit.stream)) {
        streamsInFlight.add(pending.commit.stream);
        batch.push(pending);
      } else {
        left.push(pending);
      }
    }
    queue = left;
    return batch;
  }

  return async (commit, deadline) => {
    const prepared = prepareCommit(commit);
    if (queue.length >= APPENDS_WAITING_MAX) {
      return { kind: "unknown", cause: overloaded("appends") };
    }
    return new Promise((resolve, reject) => {
      const pending = new Pending(prepared, deadline, { resolve, reject });
      watch.add(pending);
      queue.push(pending);
      schedule();
    });
  };
}

/** Sends a batch and settles each of its commits, again and again until none is left open. */
async function deliver(
  events: Collection<CommitDocument>,
  lookups: Lookups,
  batch: readonly Pending[],
): Promise<void> {
  let open = batch;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt > 0) await backOff(attempt - 1);
    open = open.filter(({ isSettled }) => !isSettled);
    if (open.length === 0) return;
    const documents = open.map(({ document }) => document);
    const outcome = await insertCommits(events, documents, { ordered: false });
    const { duplicates, unclear } = settleDefinite(open, outcome);
    const conflict: AppendResult = { kind: "conflict" };
    await Promise.all([
      ...duplicates.map((pending) => settleByLookup(lookups, pending, conflict)),
      ...unclear.map((pending) => settleByLookup(lookups, pending, null)),
    ]);
    open = unclear;
  }
}

/** Answers what an insert says for certain, and sorts out what must be looked up. */
function settleDefinite(
  batch: readonly Pending[],
  outcome: InsertOutcome,
): { duplicates: Pending[]; unclear: Pending[] } {
  const duplicates: Pending[] = [];
  const unclear: Pending[] = [];
  for (const [index, pending] of batch.entries()) {
    const failure = outcome.kind === "failed" ? outcome.failures.get(index) : undefined;
    if (outcome.kind === "unknown") {
      pending.lastCause = outcome.cause;
      unclear.push(pending);
    } else if (failure === undefined) {
      pending.settle({ kind: "landed" });
    } else if (failure === "invalid") {
      pending.fail(refusedByValidator(pending.commit));
    } else {
      (failure === "duplicate" ? duplicates : unclear).push(pending);
    }
  }
  return { duplicates, unclear };
}

/**
 * Looks a commit up until the store answers or its caller has stopped waiting; `ifAbsent` is the
 * answer if it is not there, null leaves it open. The store gathers the look-ups of a batch.
 */
async function settleByLookup(
  lookups: Lookups,
  pending: Pending,
  ifAbsent: AppendResult | null,
): Promise<void> {
  const { commit } = pending;
  for (let attempt = 0; !pending.isSettled; attempt += 1) {
    try {
      const { found } = await lookups.ask({ commandIds: [commit.id], head: null });
      const stored = found.get(commit.id);
      if (stored !== undefined) pending.settle(judgeDuplicate(commit, stored));
      else if (ifAbsent !== null) pending.settle(ifAbsent);
      return;
    } catch (error) {
      if (isLogError(error, "HISTORY_MALFORMED")) {
        pending.fail(error);
        return;
      }
      pending.lastCause = error;
      await backOff(attempt);
    }
  }
}
