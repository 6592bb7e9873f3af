import { BSON } from "mongodb";
import type { Commit } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { COMMIT_SIZE_MAX_BYTES, toDocument } from "./commit-document.ts";
import type { AppendResult } from "./event-store.ts";
import { LogError } from "./log-error.ts";

/** A commit on its way into the store, with its document made and measured. */
export interface PreparedCommit {
  readonly commit: Commit;
  readonly document: CommitDocument;
}

/**
 * Makes the document before the commit meets others in one insert, so that one that cannot be
 * stored harms nobody else's. Throws `COMMIT_INVALID`.
 */
export function prepareCommit(commit: Commit): PreparedCommit {
  const document = toDocument(commit);
  let size: number;
  try {
    // Unlike calculateObjectSize it finds everything that the insert would fail for, and is faster.
    size = BSON.serialize(document, { ignoreUndefined: true }).length;
  } catch (cause) {
    throw new LogError("COMMIT_INVALID", "The commit holds a value that BSON has no form for", {
      cause,
    });
  }
  if (size > COMMIT_SIZE_MAX_BYTES) {
    const message = `The commit has ${size} bytes, more than ${COMMIT_SIZE_MAX_BYTES}`;
    throw new LogError("COMMIT_INVALID", message);
  }
  return { commit, document };
}

/**
 * The duplicate-key rule of design 4: what the commit stored under the same command id says about
 * one that met a duplicate key, whichever index it was. If there is none, it is a conflict.
 */
export function judgeDuplicate(commit: Commit, stored: Commit): AppendResult {
  if (stored.hash === commit.hash) return { kind: "landed" };
  const isRepeat =
    stored.stream === commit.stream && stored.meta.payloadHash === commit.meta.payloadHash;
  return isRepeat ? { kind: "repeated", commit: stored } : { kind: "keyReused" };
}

/** The store refused the document itself: a fault in this process, not an answer. */
export function refusedByValidator(commit: Commit): LogError {
  return new LogError("COMMIT_INVALID", `The store's validator refuses commit ${commit.id}`);
}

/** The store has more to do than it may hold in memory; nothing was sent. */
export function overloaded(what: string): LogError {
  return new LogError("STORE_OVERLOADED", `Too many ${what} are waiting for the event store`);
}
