import type { Refusal } from "../machines/index.ts";
import type { CommandEnvelope, CommandOutcome } from "./command.ts";

type Failure = Extract<CommandOutcome, { kind: "failed" }>;
type Refused = Extract<CommandOutcome, { kind: "refused" }>;

/** `version` is 0 where the caller may not see the entity. */
export function refused(refusal: Refusal, version: number): Refused {
  return { kind: "refused", version: refusal.state === null ? 0 : version, refusal };
}

/** A refusal that says nothing about where the entity stands. */
export function blindRefusal(
  envelope: CommandEnvelope,
  reason: Pick<Refusal, "code" | "message"> & Partial<Pick<Refusal, "details">>,
): Refusal {
  return {
    command: envelope.command.type,
    state: null,
    allowedCommands: [],
    details: {},
    ...reason,
  };
}

/** The command id has been used for something else: another input or another entity. */
export function keyReused(envelope: CommandEnvelope): Refused {
  const message = "This idempotency key was used before, for a different command.";
  return refused(blindRefusal(envelope, { code: "IDEMPOTENCY_KEY_REUSED", message }), 0);
}

/** The stream belongs to another kind of entity, so there is nothing here to command. */
export function notFound(envelope: CommandEnvelope): Refused {
  const message = `There is no such ${envelope.aggregate}.`;
  return refused(blindRefusal(envelope, { code: "NOT_FOUND", message }), 0);
}

/** Answered at once, before anything was tried. */
export const overloaded: Failure = {
  kind: "failed",
  code: "OVERLOADED",
  message: "Too many commands are waiting; try again in a moment.",
};

/** The bound is used up and nothing is known for certain. */
export const unavailable: Failure = {
  kind: "failed",
  code: "UNAVAILABLE",
  message: "The outcome is open; send the command again with the same idempotency key.",
};

/** A bug; what it was is in the log only. */
export const faulted: Failure = {
  kind: "failed",
  code: "FAULT",
  message: "The command met a fault; nothing was changed by it.",
};
