import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { spaced } from "../format/words.ts";
import { RequestError } from "../graphql/request.ts";
import type { Command, CommandTarget } from "./command.ts";
import { FieldInput } from "./field-input.tsx";
import { formInput } from "./form-input.ts";
import { freshKey, sendCommand, type CommandError } from "./send-command.ts";

interface CommandFormProps {
  readonly command: Command;
  /** As it is now; what the form was opened on is kept until a conflict is seen. */
  readonly target: CommandTarget;
  readonly onDone: (version: number | null) => void;
  readonly onClose: () => void;
}

/** What became of the latest attempt. */
interface Attempt {
  readonly isSending: boolean;
  readonly errors: readonly CommandError[];
  readonly failure: string | null;
}

const FIRST: Attempt = { isSending: false, errors: [], failure: null };

/** Asks for what a command needs, sends it, and shows why it was refused. */
export function CommandForm({ command, target, onDone, onClose }: CommandFormProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [attempt, setAttempt] = useState<Attempt>(FIRST);
  const [seenVersion, setSeenVersion] = useState(target.version);
  const [key, setKey] = useState(freshKey);
  useEffect(() => dialog.current?.showModal(), []);

  const send = async (form: FormData): Promise<void> => {
    setAttempt({ ...FIRST, isSending: true });
    const seen = { ...target, version: seenVersion };
    try {
      const input = formInput(command.fields, form, target);
      const answer = await sendCommand(command, { input, target: seen, idempotencyKey: key });
      onDone(answer.version);
      if (answer.errors.length === 0) onClose();
      else setAttempt({ ...FIRST, errors: answer.errors });
      // A refused command may be changed and sent anew: that is another one.
      setKey(freshKey());
      const conflict = answer.errors.find(({ actual }) => actual !== undefined);
      setSeenVersion(Math.max(conflict?.actual ?? 0, answer.version ?? 0, target.version));
    } catch (error) {
      // The outcome is open, so the same key goes out again.
      const failure = error instanceof RequestError ? error.message : String(error);
      setAttempt({ ...FIRST, failure });
    }
  };

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void send(new FormData(event.currentTarget));
  };

  return (
    <dialog ref={dialog} className="command" aria-labelledby="command-title" onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id="command-title">{spaced(command.command)}</h2>
        <p>{command.description}</p>
        {command.fields.map((field) => (
          <FieldInput key={field.name} field={field} name={field.name} target={target} isNeeded />
        ))}
        {attempt.errors.map((error) => (
          <ErrorText key={error.message} error={error} entity={command.entity} />
        ))}
        {attempt.failure !== null && (
          <p className="problem" role="alert">
            {attempt.failure} Whether it has happened is not known; sending it again does no harm.
          </p>
        )}
        <div className="buttons">
          <button type="submit" className="primary" disabled={attempt.isSending}>
            {attempt.isSending ? "Sending" : spaced(command.command)}
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface ErrorTextProps {
  readonly error: CommandError;
  readonly entity: string;
}

function ErrorText({ error, entity }: ErrorTextProps) {
  const { code, message, path, expected, actual } = error;
  if (actual !== undefined && expected !== undefined) {
    return (
      <p className="problem" role="alert">
        Somebody was quicker: you saw version {expected}, and now the {entity} is at version{" "}
        {actual}, which the page behind shows. Send it again if it is still right.{" "}
        <code>{code}</code>
      </p>
    );
  }
  return (
    <p className="problem" role="alert">
      {path !== null && path.length > 0 ? `${path.join(".")}: ` : ""}
      {message} <code>{code}</code>
    </p>
  );
}
