import type { Refusals } from "../log/index.ts";
import type { CommandEnvelope, CommandOutcome } from "./command.ts";

/** Codes whose message may repeat words of the input, which may be personal. */
const CODES_WITHOUT_WORDS: ReadonlySet<string> = new Set(["INVALID_COMMAND"]);

/** Puts refused commands into the history of their entity, without anything of their input. */
export function noteRefusals(refusals: Pick<Refusals, "note">) {
  return (
    { commandId, aggregate, entityId, command, correlationId, causationId }: CommandEnvelope,
    { version, refusal }: Extract<CommandOutcome, { readonly kind: "refused" }>,
  ): void => {
    const { code, message, state } = refusal;
    refusals.note({
      stream: entityId,
      aggregate,
      // A refusal that shows no state tells no version either.
      version: state === null ? null : version,
      commandId,
      subject: command.by.subject,
      scope: command.by.scope,
      command: command.type,
      correlationId,
      causationId: causationId ?? null,
      code,
      message: CODES_WITHOUT_WORDS.has(code) ? "The command was malformed." : message,
    });
  };
}
