/** What can be wrong between us and NATS; `code` is how other rooms and tests recognise it. */
export type JetstreamErrorCode =
  | "NATS_UNREACHABLE"
  | "NATS_TOO_OLD"
  | "JETSTREAM_MISSING"
  | "EVT_REFUSED"
  | "EVT_UNAVAILABLE"
  | "EVT_INTERRUPTED"
  | "RELAY_INTERRUPTED"
  | "RELAY_POSITION_LOST";

/** A typed failure of the NATS side of the log; never a reason to doubt the truth in MongoDB. */
export class JetstreamError extends Error {
  readonly code: JetstreamErrorCode;

  constructor(code: JetstreamErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "JetstreamError";
    this.code = code;
  }
}

/** True for an error with exactly this code. */
export function hasCode(error: unknown, code: JetstreamErrorCode): boolean {
  return error instanceof JetstreamError && error.code === code;
}
