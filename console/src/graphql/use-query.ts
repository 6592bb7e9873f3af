import { useCallback, useEffect, useState } from "react";
import type { Document } from "./document.ts";
import { request, RequestError } from "./request.ts";

const RETRY_MS = 2_000;

/** The state of a query on a page. */
export interface Loaded<Result> {
  /** The latest answer, which stays while the next one is on its way. */
  readonly data: Result | null;
  readonly error: RequestError | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface State<Result> {
  readonly document: string | null;
  readonly data: Result | null;
  readonly error: RequestError | null;
  /** What the state is an answer to. */
  readonly key: string;
}

/**
 * Asks whenever the variables or the stamp change; an error that passes is tried again. Variables
 * that are null ask nothing.
 */
export function useQuery<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables | null,
  stamp = 0,
): Loaded<Result> {
  const [revision, setRevision] = useState(0);
  const [state, setState] = useState<State<Result>>({
    document: null,
    data: null,
    error: null,
    key: "",
  });
  const sent = JSON.stringify(variables);
  const key = `${String(revision)} ${String(stamp)} ${sent} ${document}`;
  const reload = useCallback(() => setRevision((count) => count + 1), []);

  useEffect(() => {
    if (sent === "null") return;
    const abort = new AbortController();
    let retry: number | undefined;
    request(document, JSON.parse(sent) as Variables, abort.signal).then(
      (data) => setState({ document, data, error: null, key }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const known =
          error instanceof RequestError ? error : new RequestError("FAULT", String(error), false);
        setState((before) => ({ ...before, error: known, key }));
        if (known.isPassing) retry = window.setTimeout(reload, RETRY_MS);
      },
    );
    return () => {
      abort.abort();
      window.clearTimeout(retry);
    };
  }, [document, sent, key, reload]);

  const isMine = state.document === document;
  return {
    data: isMine ? state.data : null,
    error: state.error,
    isLoading: variables !== null && state.key !== key,
    reload,
  };
}
