import type { Logger } from "pino";
import { isLogError } from "../log/index.ts";
import type { Attempt } from "./attempt.ts";

/** Whether the store may answer in a moment; anything else that is thrown is a fault. */
export function isPassing(error: unknown): boolean {
  return isLogError(error, "STORE_UNAVAILABLE") || isLogError(error, "STORE_OVERLOADED");
}

/** Logs a fault once, with what its answer does not say. */
export function logFault(logger: Logger, attempt: Attempt | undefined, fault: unknown): void {
  const envelope = attempt?.envelope;
  logger.error(
    {
      err: fault,
      correlationId: envelope?.correlationId,
      commandId: envelope?.commandId,
      command: envelope?.command.type,
      entityId: envelope?.entityId,
    },
    "a command met a fault",
  );
}
