import { useEffect, useState } from "react";
import { TimeMark } from "../format/time-mark.tsx";
import {
  deadLettersDocument,
  retryDeadLetterDocument,
  skipDeadLetterDocument,
} from "../generated/documents.ts";
import { request, RequestError } from "../graphql/request.ts";
import { useQuery } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";
import { Link } from "../routing/link.tsx";
import { SkipDialog } from "./skip-dialog.tsx";
import type { DeadLetter } from "./status.ts";

/** What projections cannot follow any further: to be retried, or skipped for good. */
export function DeadLetters({ count }: { readonly count: number }) {
  const { data, error, reload } = useQuery(deadLettersDocument, {});
  const [toSkip, setToSkip] = useState<DeadLetter | null>(null);
  const { act, outcome, problem, isBusy } = useActions(reload);
  useEffect(reload, [count, reload]);

  const letters = data?.deadLetters ?? [];
  return (
    <section className="system" aria-busy={isBusy}>
      <h2>Dead letters</h2>
      <Problem error={problem ?? error} />
      <p role="status" data-outcome="">
        {outcome}
      </p>
      {data !== null && letters.length === 0 && <p>Nothing is parked: every projection flows.</p>}
      {letters.length > 0 && (
        <table className="table">
          <caption className="unseen">Dead letters</caption>
          <thead>
            <tr>
              <th scope="col">Parked</th>
              <th scope="col">Event</th>
              <th scope="col">Why</th>
              <th scope="col">Since</th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <Row
                key={`${letter.projection}/${letter.entityId}`}
                letter={letter}
                isBusy={isBusy}
                onRetry={() => act(letter, "retry")}
                onSkip={() => setToSkip(letter)}
              />
            ))}
          </tbody>
        </table>
      )}
      {toSkip !== null && (
        <SkipDialog
          letter={toSkip}
          onSkip={() => {
            setToSkip(null);
            act(toSkip, "skip");
          }}
          onCancel={() => setToSkip(null)}
        />
      )}
    </section>
  );
}

/** Sends what an operator decides, with what came of it in words. */
function useActions(onEnd: () => void) {
  const [outcome, setOutcome] = useState("");
  const [problem, setProblem] = useState<RequestError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const act = (letter: DeadLetter, verb: "retry" | "skip"): void => {
    setIsBusy(true);
    setProblem(null);
    send(letter, verb)
      .then(setOutcome, (thrown: unknown) => {
        setOutcome("");
        setProblem(
          thrown instanceof RequestError
            ? thrown
            : new RequestError("FAULT", String(thrown), false),
        );
      })
      .finally(() => {
        setIsBusy(false);
        onEnd();
      });
  };
  return { act, outcome, problem, isBusy };
}

/** Resolves with what became of it, in words; rejects with a `RequestError`. */
async function send({ projection, entityId }: DeadLetter, verb: "retry" | "skip"): Promise<string> {
  const variables = { input: { projection, entityId } };
  const { flows, deadLetter } =
    verb === "retry"
      ? (await request(retryDeadLetterDocument, variables)).retryDeadLetter
      : (await request(skipDeadLetterDocument, variables)).skipDeadLetter;
  if (flows || deadLetter === null) return `${entityId} flows again.`;
  const { version, code } = deadLetter;
  return `Event ${String(version)} of ${entityId} is in the way: ${code}.`;
}

interface RowProps {
  readonly letter: DeadLetter;
  readonly isBusy: boolean;
  readonly onRetry: () => void;
  readonly onSkip: () => void;
}

function Row({ letter, isBusy, onRetry, onSkip }: RowProps) {
  const { projection, entityId, version, code, message, parkedAt } = letter;
  return (
    <tr data-letter={entityId}>
      <td data-label="Parked">
        <span>
          {projection}: <Link to={`${projection}/${entityId}`}>{entityId}</Link>
        </span>
      </td>
      <td data-label="Event" className="number">
        {version}
      </td>
      <td data-label="Why">
        <span>
          <code>{code}</code> {message}
        </span>
      </td>
      <td data-label="Since">
        <TimeMark at={parkedAt} />
      </td>
      <td>
        <div className="actions">
          <button type="button" disabled={isBusy} onClick={onRetry}>
            Retry
          </button>
          <button type="button" disabled={isBusy} onClick={onSkip}>
            Skip
          </button>
        </div>
      </td>
    </tr>
  );
}
