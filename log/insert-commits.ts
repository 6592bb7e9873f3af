import type { Collection } from "mongodb";
import type { CommitDocument } from "./commit-document.ts";
import type { DocumentFailure } from "./mongo-errors.ts";
import { namedFailures } from "./mongo-errors.ts";

/** What one `insertMany` did. `failed` names every document that did not land, by index. */
export type InsertOutcome =
  | { readonly kind: "landed" }
  | { readonly kind: "failed"; readonly failures: ReadonlyMap<number, DocumentFailure> }
  | { readonly kind: "unknown"; readonly cause: unknown };

/**
 * One insert, durable on a majority. Ordered stops at the first failure, unordered goes on. Never
 * throws: whatever does not name the documents that failed is an unknown outcome (design 3).
 */
export async function insertCommits(
  events: Collection<CommitDocument>,
  documents: readonly CommitDocument[],
  options: { readonly ordered: boolean },
): Promise<InsertOutcome> {
  try {
    await events.insertMany([...documents], {
      ordered: options.ordered,
      writeConcern: { w: "majority" },
      ignoreUndefined: true,
    });
    return { kind: "landed" };
  } catch (cause) {
    const failures = namedFailures(cause);
    return failures === null ? { kind: "unknown", cause } : { kind: "failed", failures };
  }
}
