import type { Collection } from "mongodb";
import { backOff } from "./backoff.ts";
import type { Commit } from "./commit.ts";
import { lastVersion } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import type { AppendResult } from "./event-store.ts";
import type { InsertOutcome } from "./insert-commits.ts";
import { insertCommits } from "./insert-commits.ts";
import { LogError } from "./log-error.ts";
import type { Lookups } from "./lookups.ts";
import type { PreparedCommit } from "./pending-append.ts";
import { judgeDuplicate, overloaded, prepareCommit, refusedByValidator } from "./pending-append.ts";

const CHAINS_IN_FLIGHT_MAX = 4;
const CHAINS_WAITING_MAX = 1_000;

/** How far a chain has come: what landed, and the answer for the first commit that did not. */
interface Progress {
  landed: number;
  end: AppendResult | null;
  cause: unknown;
}

/** What one attempt brought: `landed` more commits, and whether to go on with the rest. */
type Step =
  | { readonly kind: "goOn"; readonly landed: number }
  | { readonly kind: "ended"; readonly landed: number; readonly end: AppendResult }
  | { readonly kind: "unknown"; readonly landed: number; readonly cause: unknown };

/** Appends consecutive commits of one stream by ordered inserts that leave no gap. */
export function createAppendChains(
  events: Collection<CommitDocument>,
  lookups: Lookups,
): (commits: readonly Commit[], deadline: number) => Promise<readonly AppendResult[]> {
  const waiting: (() => void)[] = [];
  let inFlight = 0;

  async function inTurn(work: () => Promise<void>): Promise<void> {
    if (inFlight < CHAINS_IN_FLIGHT_MAX) inFlight += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inFlight -= 1;
      else next();
    }
  }

  return async (commits, deadline) => {
    assertChain(commits);
    const chain = commits.map(prepareCommit);
    const progress: Progress = { landed: 0, end: null, cause: new Error("No answer in time") };
    if (waiting.length >= CHAINS_WAITING_MAX) progress.cause = overloaded("chains");
    else
      await byDeadline(
        deadline,
        inTurn(() => send(chain, progress, deadline)),
      );
    return resultsOf(chain.length, progress);
  };

  async function send(
    chain: readonly PreparedCommit[],
    progress: Progress,
    deadline: number,
  ): Promise<void> {
    for (let attempt = 0; progress.landed < chain.length && Date.now() < deadline;) {
      const rest = chain.slice(progress.landed);
      const documents = rest.map(({ document }) => document);
      const outcome = await insertCommits(events, documents, { ordered: true });
      const step = await judge(lookups, rest, outcome);
      progress.landed += step.landed;
      if (step.kind === "ended") {
        progress.end = step.end;
        return;
      }
      if (step.kind === "unknown") {
        progress.cause = step.cause;
        await backOff(attempt);
        attempt += 1;
      }
    }
  }
}

/** Stops waiting at the deadline; the insert under way may still land, which `unknown` says. */
async function byDeadline(deadline: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - Date.now()));
  });
  try {
    await Promise.race([work, passed]);
  } finally {
    clearTimeout(timer);
    // A fault after the deadline has no one left to hear it; the caller has its `unknown`.
    work.catch(() => undefined);
  }
}

/** How far an ordered insert came, looked up where its error does not say it. */
async function judge(
  lookups: Lookups,
  rest: readonly PreparedCommit[],
  outcome: InsertOutcome,
): Promise<Step> {
  if (outcome.kind === "landed") return { kind: "goOn", landed: rest.length };
  let first = 0;
  let isDuplicate = false;
  if (outcome.kind === "failed") {
    first = Math.min(...outcome.failures.keys());
    const failure = outcome.failures.get(first);
    if (failure === "invalid") throw refusedByValidator(at(rest, first).commit);
    isDuplicate = failure === "duplicate";
  }
  let stored: ReadonlyMap<string, Commit>;
  try {
    const commandIds = rest.slice(first).map(({ commit }) => commit.id);
    stored = (await lookups.ask({ commandIds, head: null })).found;
  } catch (cause) {
    return { kind: "unknown", landed: first, cause };
  }
  // An earlier attempt of ours may have landed more than this one: its commits have our hashes.
  for (let landed = first; landed < rest.length; landed += 1) {
    const { commit } = at(rest, landed);
    const found = stored.get(commit.id);
    if (found === undefined) {
      if (landed > first) return { kind: "goOn", landed };
      if (isDuplicate) return { kind: "ended", landed, end: { kind: "conflict" } };
      const cause = outcome.kind === "unknown" ? outcome.cause : new Error("Unclear write error");
      return { kind: "unknown", landed, cause };
    }
    const end = judgeDuplicate(commit, found);
    if (end.kind !== "landed") return { kind: "ended", landed, end };
  }
  return { kind: "goOn", landed: rest.length };
}

function resultsOf(length: number, { landed, end, cause }: Progress): AppendResult[] {
  const unknown: AppendResult = { kind: "unknown", cause };
  return Array.from({ length }, (_, index) => {
    if (index < landed) return { kind: "landed" };
    // After an unknown commit the later ones are unknown too: the insert may have gone on.
    if (end === null) return unknown;
    return index === landed ? end : { kind: "skipped" };
  });
}

function assertChain(commits: readonly Commit[]): void {
  commits.forEach((commit, index) => {
    const previous = commits[index - 1];
    if (previous === undefined) return;
    if (commit.stream !== previous.stream || commit.version !== lastVersion(previous) + 1) {
      throw new LogError("COMMIT_INVALID", "A chain's commits do not follow one another");
    }
  });
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`The chain has no commit ${index}`);
  return item;
}
