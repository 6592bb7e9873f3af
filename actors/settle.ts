import type { AppendResult, Commit } from "../log/index.ts";
import type { Attempt } from "./attempt.ts";
import type { AnswerStep, Step } from "./turn.ts";
import type { WriteStep } from "./turn.ts";

/** What the look-up of command ids found; null = it could not look. */
export type Found = ReadonlyMap<string, Commit> | null;

/** What to do with each attempt of a turn, now that its appends and proofs have ended. */
export class Settlement {
  /** Landed, in order: hand the events over, then answer. */
  readonly landed: WriteStep[] = [];
  /** Proved: answer. */
  readonly proved: AnswerStep[] = [];
  /** Stored before: answer from the commit, whatever was decided now. */
  readonly stored: { readonly attempt: Attempt; readonly commit: Commit }[] = [];
  readonly keyReused: Attempt[] = [];
  readonly unknown: { readonly step: WriteStep; readonly cause: unknown }[] = [];
  /** Decide these again, in this order, before all others. */
  readonly again: Attempt[] = [];
  /** The head may be behind the store. */
  isStale = false;
  /** Another owner writes here, or the store cannot be asked: wait before the next try. */
  needsPause = false;
}

/**
 * Judges a turn by what became of its commits (design 3): after the first that did not land nothing
 * decided is kept; an answer is proved by the landing of the commit before it or right after it.
 */
export function settleTurn(
  steps: readonly Step[],
  results: readonly AppendResult[],
  found: Found,
): Settlement {
  const settlement = new Settlement();
  const isFirstLanded = results[0]?.kind === "landed";
  let isBroken = false;
  let writes = 0;
  for (const step of steps) {
    if (step.kind === "answer") {
      if (isBroken || !isFirstLanded) settlement.again.push(step.attempt);
      else settleAnswer(settlement, step, found);
      continue;
    }
    const result = results[writes] ?? { kind: "skipped" };
    writes += 1;
    if (result.kind === "landed" && !isBroken) settlement.landed.push(step);
    else settleBroken(settlement, step, result);
    isBroken ||= result.kind !== "landed";
  }
  return settlement;
}

/** Judges a turn without commits by one read: what it found, and whether the head is behind. */
export function settleAnswers(
  steps: readonly AnswerStep[],
  { found, isBehind }: { readonly found: Found; readonly isBehind: boolean },
): Settlement {
  const settlement = new Settlement();
  settlement.isStale = isBehind;
  for (const step of steps) {
    const isFound = found?.has(step.attempt.envelope.commandId) === true;
    if (isBehind && !isFound) settlement.again.push(step.attempt);
    else settleAnswer(settlement, step, found);
  }
  return settlement;
}

function settleAnswer(settlement: Settlement, step: AnswerStep, found: Found): void {
  const { attempt } = step;
  const commit = found?.get(attempt.envelope.commandId);
  if (found === null) {
    settlement.again.push(attempt);
    settlement.needsPause = true;
  } else if (commit === undefined) settlement.proved.push(step);
  else if (isSameCommand(commit, attempt)) settlement.stored.push({ attempt, commit });
  else settlement.keyReused.push(attempt);
}

function settleBroken(settlement: Settlement, step: WriteStep, result: AppendResult): void {
  const { attempt } = step;
  switch (result.kind) {
    case "repeated":
      settlement.stored.push({ attempt, commit: result.commit });
      settlement.isStale = true;
      break;
    case "keyReused":
      settlement.keyReused.push(attempt);
      break;
    case "unknown":
      settlement.unknown.push({ step, cause: result.cause });
      settlement.isStale = true;
      break;
    case "conflict":
      settlement.again.push(attempt);
      settlement.isStale = true;
      settlement.needsPause = true;
      break;
    case "landed":
    case "skipped":
      settlement.again.push(attempt);
      break;
  }
}

function isSameCommand(commit: Commit, { envelope }: Attempt): boolean {
  return commit.stream === envelope.entityId && commit.meta.payloadHash === envelope.payloadHash;
}
