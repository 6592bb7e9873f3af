/**
 * What the log can say beyond a result, recognised by `code`:
 * `STORE_UNAVAILABLE` and `STORE_OVERLOADED`: ask again later, nothing is known;
 * `COMMIT_INVALID`: a fault of the caller, this commit can never be stored;
 * `POSITION_UNKNOWN`: a resume token that this database cannot have given out;
 * `HISTORY_GAP` and `HISTORY_MALFORMED`: what is stored is not a history, a person must look;
 * `STREAMS_TOO_MANY`: a reader of everything has met more entities than it may remember;
 * `MONGODB_...`, `REPLICA_SET_REQUIRED`, `LOG_INCOMPATIBLE`: the log cannot be opened as it is.
 */
export type LogErrorCode =
  | "STORE_UNAVAILABLE"
  | "STORE_OVERLOADED"
  | "COMMIT_INVALID"
  | "POSITION_UNKNOWN"
  | "HISTORY_GAP"
  | "HISTORY_MALFORMED"
  | "STREAMS_TOO_MANY"
  | "MONGODB_URL_INVALID"
  | "MONGODB_UNREACHABLE"
  | "MONGODB_UNAUTHORIZED"
  | "MONGODB_TOO_OLD"
  | "REPLICA_SET_REQUIRED"
  | "LOG_INCOMPATIBLE";

/** A driver's or a stored document's trouble, translated once, here in `log/`. */
export class LogError extends Error {
  readonly code: LogErrorCode;
  /** The version at which a history breaks off, for `HISTORY_GAP` and `HISTORY_MALFORMED`. */
  readonly version: number | undefined;

  constructor(
    code: LogErrorCode,
    message: string,
    options: { cause?: unknown; version?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "LogError";
    this.code = code;
    this.version = options.version;
  }
}

/** Whether a thrown value is one of the log's own errors, of this code if one is given. */
export function isLogError(error: unknown, code?: LogErrorCode): error is LogError {
  return error instanceof LogError && (code === undefined || error.code === code);
}
