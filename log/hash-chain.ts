import { hash as digest } from "node:crypto";
import canonicalizeModule from "canonicalize";
import type { Commit } from "./commit.ts";
import { lastVersion } from "./commit.ts";
import type { EventStore } from "./event-store.ts";
import { isLogError, LogError } from "./log-error.ts";

/** canonicalize 2 is a CommonJS function whose type file claims an ES default export. */
const canonicalize = canonicalizeModule as unknown as (value: object) => string;

/** How JSON writes half of a surrogate pair; an escaped backslash before it is plain text. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** The `previousHash` of a stream's first commit. */
export const GENESIS_HASH = "";

/** Whether a history is what was appended; if not, the first version that is not, and why. */
export type HistoryVerdict =
  | { readonly ok: true; readonly version: number; readonly hash: string }
  | { readonly ok: false; readonly version: number; readonly reason: string };

/**
 * Closes a commit with its link of the chain; throws on a value that is not JSON (NaN, a bigint)
 * and, as `COMMIT_INVALID`, on text that is not well formed.
 */
export function sealCommit(previousHash: string, draft: Omit<Commit, "hash">): Commit {
  return { ...draft, hash: hashCommit(previousHash, draft) };
}

/**
 * Reads a stream from its start and follows the chain of hashes. It finds every changed, removed or
 * added commit except the removal of the last ones, which only a hash kept elsewhere can show.
 * Throws `STORE_UNAVAILABLE` when the stream cannot be read.
 */
export async function verifyHistory(store: EventStore, stream: string): Promise<HistoryVerdict> {
  let previousHash = GENESIS_HASH;
  let version = 0;
  try {
    for (const commit of await store.read(stream, 0)) {
      const { hash, ...draft } = commit;
      if (hashCommit(previousHash, draft) !== hash) {
        const reason = "the commit is not the one that was appended here: its hash does not match";
        return { ok: false, version: commit.version, reason };
      }
      previousHash = hash;
      version = lastVersion(commit);
    }
  } catch (error) {
    if (isLogError(error) && error.version !== undefined) {
      return { ok: false, version: error.version, reason: error.message };
    }
    throw error;
  }
  return { ok: true, version, hash: previousHash };
}

function hashCommit(previousHash: string, draft: Omit<Commit, "hash">): string {
  const json = canonicalize(draft);
  // BSON has no form for half a character: the text would come back as another one.
  if (json.includes("\\ud") && LONE_SURROGATE.test(json)) {
    throw new LogError("COMMIT_INVALID", `Commit ${draft.id} holds text that is not well formed`);
  }
  return digest("sha256", previousHash + json, "hex");
}
