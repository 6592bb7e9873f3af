import type { StateValue } from "xstate";

/**
 * The domain says no, and why. `code` is UPPER_SNAKE and stable (`INVALID_TRANSITION`,
 * `GUARD_FAILED`, `NOT_FOUND`, ...); `message` is a sentence for a person; `details` carries the
 * figures (`{ sku, requested, available }`). `state` is null where the caller may not see it.
 */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly command: string;
  readonly state: StateValue | null;
  readonly allowedCommands: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a rule says against a command; the kernel adds where the entity stands. */
export type Objection = Pick<Refusal, "code" | "message" | "details">;

/** Builds an objection; figures belong into `details`, so that a client need not read the text. */
export function refuse(
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): Objection {
  return { code, message, details };
}
