import type { Logger } from "pino";
import type { Commit } from "./commit.ts";
import type { CommitDocument } from "./commit-document.ts";
import { toCommit } from "./commit-document.ts";

/**
 * The commit of a document, or null, with an error in the log, for one that no `toDocument` wrote.
 * The validator keeps such out; if one is there all the same, it must not stop every other entity.
 */
export function readableCommit(document: CommitDocument, logger: Logger): Commit | null {
  try {
    return toCommit(document);
  } catch (error) {
    logger.error({ err: error, id: String(document._id) }, "a stored commit cannot be read");
    return null;
  }
}
