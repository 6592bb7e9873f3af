import { MongoBulkWriteError, MongoServerError } from "mongodb";
import { LogError } from "./log-error.ts";

const DUPLICATE_KEY = new Set([11000, 11001]);
const DOCUMENT_VALIDATION_FAILURE = 121;
const TOKEN_LOST = new Set([286, 280, 260, 9, 15, 40647, 40649, 50811]);
const UNAUTHORIZED = new Set([13, 18, 8000]);

/**
 * Why one document of an insert did not land. `duplicate` and `invalid` are definite; `unclear` is
 * an error of that document that does not say whether it may land when sent again.
 */
export type DocumentFailure = "duplicate" | "invalid" | "unclear";

/**
 * The documents that an insert's error names, by index; null when it names none for certain, so
 * that every document's outcome is unknown. The driver reports network errors of `insertMany` as a
 * bulk error without write errors, and a failed write concern says nothing about durability.
 */
export function namedFailures(error: unknown): ReadonlyMap<number, DocumentFailure> | null {
  if (!(error instanceof MongoBulkWriteError)) return null;
  const writeErrors = [error.writeErrors].flat();
  if (writeErrors.length === 0 || error.result.getWriteConcernError() !== undefined) return null;
  return new Map(writeErrors.map(({ index, code }) => [index, failureOf(code)]));
}

/** Whether a single write met a unique index. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && DUPLICATE_KEY.has(Number(error.code));
}

/** Whether the server answered that this user may not do it. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof MongoServerError && UNAUTHORIZED.has(Number(error.code));
}

/**
 * Whether a change stream cannot go on from a resume token: 286 the oplog no longer holds it, 280
 * and 260 it belongs to no change of this collection, the others it is no token at all.
 */
export function isTokenLost(error: unknown): boolean {
  if (error instanceof LogError) return error.code === "POSITION_UNKNOWN";
  return error instanceof MongoServerError && TOKEN_LOST.has(Number(error.code));
}

/** A read's trouble for callers outside of `log/`; the log's own errors pass as they are. */
export function unavailable(cause: unknown): LogError {
  if (cause instanceof LogError) return cause;
  return new LogError("STORE_UNAVAILABLE", "The event store does not answer at the moment", {
    cause,
  });
}

function failureOf(code: number): DocumentFailure {
  if (DUPLICATE_KEY.has(code)) return "duplicate";
  return code === DOCUMENT_VALIDATION_FAILURE ? "invalid" : "unclear";
}
