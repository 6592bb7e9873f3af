import { setTimeout as delay } from "node:timers/promises";

/** How long to wait before what was not answered is sent again, unless the answer tells. */
const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

/** A document, who sends it, and where to. */
export interface Question {
  readonly url: string;
  readonly token: string;
  readonly query: string;
  readonly variables?: object;
}

/** The first error of an answer; its message is for a person. */
class QuestionRefused extends Error {
  readonly code: string;
  readonly isRetryable: boolean;
  /** When to come again, if the gateway told. */
  readonly retryAfterMs: number | null;

  constructor({ message, extensions = {} }: AnswerError) {
    super(message);
    this.name = "QuestionRefused";
    this.code = extensions.code ?? "UNKNOWN";
    this.isRetryable = extensions.retryable ?? false;
    this.retryAfterMs = extensions.retryAfterMs ?? null;
  }
}

/** Nobody answered, or nobody who speaks GraphQL: what was asked for may have happened. */
export class NoAnswer extends Error {}

interface AnswerError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly retryAfterMs?: number;
  };
}

/** Sends a document once. Throws `QuestionRefused` and `NoAnswer`. */
export async function ask<Data>(question: Question, signal?: AbortSignal): Promise<Data> {
  const { url, token, query, variables = {} } = question;
  let answer: { readonly data?: Data | null; readonly errors?: readonly AnswerError[] };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      ...(signal === undefined ? {} : { signal }),
    });
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new NoAnswer(`${url} does not answer`, { cause });
  }
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw new QuestionRefused(error);
  if (!answer.data) throw new NoAnswer(`${url} answers with nothing`);
  return answer.data;
}

interface Patience {
  readonly signal?: AbortSignal;
  /** Without it, for ever. */
  readonly triesMax?: number;
  /** Told of each try that was in vain. */
  readonly onVain?: (error: Error) => void;
}

/**
 * Sends a document again until there is an answer that no repeat can change; the question is made
 * anew each time, since a gateway that comes back may be elsewhere. A mutation needs an
 * `idempotencyKey`, or it may happen twice. Throws the last error, or the signal's reason.
 */
export async function askUntilAnswered<Data>(
  question: () => Question,
  { signal, triesMax = Number.POSITIVE_INFINITY, onVain }: Patience,
): Promise<Data> {
  for (let count = 1; ; count += 1) {
    try {
      return await ask<Data>(question(), signal);
    } catch (error) {
      const isVain =
        error instanceof NoAnswer || (error instanceof QuestionRefused && error.isRetryable);
      if (!isVain || count >= triesMax) throw error;
      onVain?.(error);
      await delay(pauseAfter(error, count), undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** A gateway that says when to come again is heard; one that is silent is asked less and less. */
function pauseAfter(error: NoAnswer | QuestionRefused, count: number): number {
  const told = error instanceof QuestionRefused ? error.retryAfterMs : null;
  return told ?? Math.min(RETRY_DELAY_MS * count, RETRY_DELAY_MAX_MS);
}
