export type EmbeddedErrorCode =
  | "BINARY_NOT_FOUND"
  | "BINARY_UNUSABLE"
  | "DATA_LOCKED"
  | "DATA_OTHER_VERSION"
  | "DISK_FULL"
  | "DISK_NOT_WRITABLE"
  | "DISK_READ_ONLY"
  | "PORT_IN_USE"
  | "SERVER_TOO_OLD"
  | "START_FAILED";

/** A local server cannot be had; `message` is for the user as it is: what happened, what to do. */
export class EmbeddedError extends Error {
  override readonly name = "EmbeddedError";
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The `code` of a thrown value, of this room or of Node itself (`ENOSPC`), if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** The message of a thrown value, in one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.trim().split("\n", 1)[0] ?? "";
}
