import type { Caller } from "../machines/index.ts";

/** One request: who sent it and by what name its traces are found. */
export interface RequestFacts {
  readonly caller: Caller;
  readonly correlationId: string;
  readonly traceparent?: string;
  /** Milliseconds since the epoch: what is opened now ends then at the latest. */
  readonly tokenExpiresAt: number;
  /** Milliseconds since the epoch: waiting ends then, with an answer that says so. */
  readonly deadline: number;
  /** Aborted once its time is over: the client has its answer, and nothing new is to be begun. */
  readonly ended: AbortSignal;
  /** Takes the codes of refused commands, for the journal. */
  readonly refusals: string[];
}
