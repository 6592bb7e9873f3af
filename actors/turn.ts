import { aggregates, allowedCommands, decide } from "../machines/index.ts";
import type { DomainEvent } from "../machines/index.ts";
import { partitionOf, sealCommit } from "../log/index.ts";
import type { Commit } from "../log/index.ts";
import type { Attempt } from "./attempt.ts";
import type { CommandOutcome } from "./command.ts";
import { headAfter } from "./head.ts";
import type { EntityHead } from "./head.ts";
import { faulted, refused } from "./outcome.ts";

/** A command that writes: its commit, and the head that stands once the commit has landed. */
export interface WriteStep {
  readonly kind: "write";
  readonly attempt: Attempt;
  readonly commit: Commit;
  readonly events: readonly DomainEvent[];
  readonly after: EntityHead;
}

/** A command that writes nothing: its answer holds once the head it was judged on is proved. */
export interface AnswerStep {
  readonly kind: "answer";
  readonly attempt: Attempt;
  readonly outcome: CommandOutcome;
  /** What `decide` threw, for an answer that is a fault. */
  readonly fault?: unknown;
}

export type Step = WriteStep | AnswerStep;

/** Whose commits these are. */
export interface CommitOrigin {
  readonly node: string;
  readonly epoch: number;
}

/** Decides one command on a head; nothing is written and nothing is answered yet. */
export function decideStep(head: EntityHead, attempt: Attempt, origin: CommitOrigin): Step {
  try {
    return judge(head, attempt, origin);
  } catch (fault) {
    return { kind: "answer", attempt, outcome: faulted, fault };
  }
}

function judge(head: EntityHead, attempt: Attempt, origin: CommitOrigin): Step {
  const { envelope, malformed } = attempt;
  if (malformed !== null) {
    return { kind: "answer", attempt, outcome: refused(malformed, head.version) };
  }
  const decision = decide(aggregates[envelope.aggregate], head.state, envelope.command);
  const isHidden = decision.kind === "refused" && decision.refusal.state === null;
  if (!isHidden && !isExpected(head, attempt)) {
    return { kind: "answer", attempt, outcome: versionConflict(head, attempt) };
  }
  if (decision.kind === "refused") {
    return { kind: "answer", attempt, outcome: refused(decision.refusal, head.version) };
  }
  if (decision.events.length === 0) {
    const { version, state } = head;
    const at = head.at ?? envelope.command.now;
    return { kind: "answer", attempt, outcome: { kind: "unchanged", version, state, at } };
  }
  const commit = commitOf(head, attempt, { origin, events: decision.events });
  const after = headAfter(commit, decision.state);
  return { kind: "write", attempt, commit, events: decision.events, after };
}

function isExpected(head: EntityHead, { envelope }: Attempt): boolean {
  return envelope.expectedVersion === undefined || envelope.expectedVersion === head.version;
}

function versionConflict(head: EntityHead, { envelope }: Attempt): CommandOutcome {
  const { expectedVersion: expected, command, aggregate } = envelope;
  const permissions = allowedCommands(aggregates[aggregate], head.state, command.by);
  return refused(
    {
      code: "VERSION_CONFLICT",
      message: `Version ${expected ?? 0} was expected, but it is ${head.version} now.`,
      command: command.type,
      state: head.state.value,
      allowedCommands: permissions.filter(({ allowed }) => allowed).map((one) => one.command),
      details: { expected, actual: head.version },
    },
    head.version,
  );
}

function commitOf(
  head: EntityHead,
  { envelope }: Attempt,
  { origin, events }: { origin: CommitOrigin; events: readonly DomainEvent[] },
): Commit {
  const { command, causationId, traceparent } = envelope;
  return sealCommit(head.hash, {
    id: envelope.commandId,
    stream: envelope.entityId,
    aggregate: envelope.aggregate,
    version: head.version + 1,
    partition: partitionOf(envelope.entityId),
    at: command.now,
    meta: {
      subject: command.by.subject,
      scope: command.by.scope,
      command: command.type,
      correlationId: envelope.correlationId,
      ...(causationId === undefined ? {} : { causationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
      payloadHash: envelope.payloadHash,
      ...origin,
    },
    events,
  });
}
