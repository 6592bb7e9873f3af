import { currentToken, refuseToken } from "../auth/session.ts";
import type { Document } from "./document.ts";

/** A request that brought no data; `code` is stable, the message is for a person. */
export class RequestError extends Error {
  readonly code: string;
  /** Whether the same may succeed a little later. */
  readonly isPassing: boolean;

  constructor(code: string, message: string, isPassing: boolean) {
    super(message);
    this.code = code;
    this.isPassing = isPassing;
  }
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * Asks the gateway, with the token of whoever is signed in; a refused token is asked for anew and
 * the request goes on with the next one. Rejects with a `RequestError` or the signal's reason.
 */
export async function request<Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  for (;;) {
    const token = await currentToken();
    signal?.throwIfAborted();
    const answer = await post<Result>({ document, variables, token, signal });
    const [error] = answer.errors ?? [];
    const code = codeOf(error?.extensions);
    if (error !== undefined && code === "UNAUTHENTICATED") {
      await refuseToken(token, `${error.message} Give another one to go on here.`);
      continue;
    }
    if (error !== undefined || answer.data === undefined || answer.data === null) {
      const isPassing = error?.extensions?.["retryable"] === true;
      throw new RequestError(code, error?.message ?? "No data came.", isPassing);
    }
    return answer.data;
  }
}

function codeOf(extensions: Readonly<Record<string, unknown>> | undefined): string {
  const code = extensions?.["code"];
  return typeof code === "string" ? code : "FAULT";
}

interface Call {
  readonly document: string;
  readonly variables: unknown;
  readonly token: string;
  readonly signal: AbortSignal | undefined;
}

async function post<Result>({ document, variables, token, signal }: Call): Promise<Answer<Result>> {
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document, variables }),
      ...(signal === undefined ? {} : { signal }),
    });
    return (await response.json()) as Answer<Result>;
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof SyntaxError ? "answered nonsense" : "does not answer";
    throw new RequestError("OFFLINE", `The gateway ${reason}; the console tries again.`, true);
  }
}
