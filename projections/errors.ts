export type ProjectionErrorCode =
  | "CURSOR_INVALID"
  | "EVENT_UNREADABLE"
  | "FEEDS_EXHAUSTED"
  | "PAGE_SIZE_INVALID"
  | "PERIOD_INVALID"
  | "QUERY_TIMEOUT"
  | "READ_UNAVAILABLE"
  | "REBUILD_LOST"
  | "REBUILD_RUNNING"
  | "SEARCH_INVALID"
  | "VERSION_GAP"
  | "WAITERS_EXHAUSTED";

/** Something the reading side could not do; `code` is stable, `message` is for a person. */
export class ProjectionError extends Error {
  readonly code: ProjectionErrorCode;

  constructor(code: ProjectionErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ProjectionError";
    this.code = code;
  }
}

/** Whether an event, as it is stored, cannot be folded: to try again would change nothing. */
export function isUnfoldable(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code);
  return /^(REPLAY_FAULT|EVENT_UNREADABLE|VERSION_GAP|HISTORY_\w+)$/.test(code);
}
