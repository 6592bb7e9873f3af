/**
 * `KEYS_UNAVAILABLE`: the keys cannot be read at the moment, nothing was done, ask again;
 * `MASTER_KEY_INVALID` and `MASTER_KEY_WRONG`: Statecart cannot start with these settings.
 */
export type PrivacyErrorCode = "KEYS_UNAVAILABLE" | "MASTER_KEY_INVALID" | "MASTER_KEY_WRONG";

/** What privacy/ could not do, recognised by its code; never tells anything that was sealed. */
export class PrivacyError extends Error {
  readonly code: PrivacyErrorCode;

  constructor(code: PrivacyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PrivacyError";
    this.code = code;
  }
}

/** The trouble of a read or write of keys, which may be tried again. */
export function unavailable(cause: unknown): PrivacyError {
  if (cause instanceof PrivacyError) return cause;
  return new PrivacyError("KEYS_UNAVAILABLE", "The customers' keys cannot be read", cause);
}
