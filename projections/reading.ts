import { MongoServerError, type Document } from "mongodb";
import { ProjectionError } from "./errors.ts";

/** No query of a client may keep the server busy for longer. */
export const QUERY_TIME_MAX_MS = 5_000;
const MAX_TIME_EXPIRED = 50;
const BAD_VALUE = 2;
/** Server codes of a member that starts, stops, steps down or has lost its peers. */
const SERVER_AWAY: ReadonlySet<number | string | undefined> = new Set([
  6, 7, 89, 91, 133, 134, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
]);

/** One read, with the driver's errors translated to `QUERY_TIMEOUT` and `READ_UNAVAILABLE`. */
export async function reading<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === MAX_TIME_EXPIRED) {
      const message = `The query took longer than ${QUERY_TIME_MAX_MS} ms: ask for less at once`;
      throw new ProjectionError("QUERY_TIMEOUT", message, error);
    }
    // What the server understood and refuses is our fault; anything else is about reaching it.
    const isFault = error instanceof MongoServerError && !SERVER_AWAY.has(error.code);
    if (isFault || error instanceof TypeError || error instanceof ProjectionError) throw error;
    throw new ProjectionError("READ_UNAVAILABLE", "The read collections cannot be read", error);
  }
}

/**
 * A read by the index of that key. The server chooses where there is no such index: rows that older
 * code has written may still lack one.
 */
export async function withHint<Result>(
  hint: Document | undefined,
  read: (options: { readonly hint?: Document }) => Promise<Result>,
): Promise<Result> {
  if (hint === undefined) return reading(() => read({}));
  try {
    return await reading(() => read({ hint }));
  } catch (error) {
    const isUnknown = error instanceof MongoServerError && error.code === BAD_VALUE;
    if (isUnknown && error.message.includes("hint")) return reading(() => read({}));
    throw error;
  }
}
