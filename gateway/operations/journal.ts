import { createHmac } from "node:crypto";
import { performance } from "node:perf_hooks";
import { Kind } from "graphql";
import type { OperationDefinitionNode } from "graphql";
import type { Level, Logger } from "pino";
import type { Identity } from "../auth/token.ts";
import type { Metrics } from "../metrics/metrics.ts";

const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,99}$/;
const SUBJECT_LENGTH = 16;
/** Everything went well. */
const OK = "OK";

/** One operation from its arrival on. */
export interface Entry {
  readonly type: string;
  readonly field: string;
  /** As the client calls it; null where that is no name. */
  readonly name: string | null;
  /** Of the document's text; null where it was refused unread. */
  readonly document: string | null;
  readonly identity: Identity;
  readonly correlationId: string;
  /** Of `performance.now()`. */
  readonly begunAt: number;
  /** Codes of commands that were refused, as they come. */
  readonly refusals: string[];
}

/** What is known of an operation when it arrives. */
interface Arrival {
  readonly sender: Pick<Entry, "identity" | "correlationId">;
  readonly operationName: string | null | undefined;
  /** Null where the document could not be prepared. */
  readonly prepared: { readonly hash: string; readonly operation: OperationDefinitionNode } | null;
}

/** Tells of every operation once, when it has ended: a line in the log, and a count. */
export interface Journal {
  begin(arrival: Arrival): Entry;
  /** `code` is that of the first error; null where there is none. */
  end(entry: Entry, code: string | null): void;
}

interface JournalOptions {
  readonly logger: Logger;
  readonly level: Level;
  readonly metrics: Metrics;
  /** By which subjects are named in the log: the same name for the same subject, and no more. */
  readonly key: string;
}

/** Makes the journal. Lines never hold variables, nor anything of a person. */
export function createJournal({ logger, level, metrics, key }: JournalOptions): Journal {
  return {
    begin({ sender, operationName, prepared }) {
      return {
        type: prepared?.operation.operation ?? "none",
        field: prepared === null ? "none" : fieldOf(prepared.operation),
        name: NAME.test(operationName ?? "") ? (operationName ?? null) : null,
        document: prepared?.hash ?? null,
        identity: sender.identity,
        correlationId: sender.correlationId,
        begunAt: performance.now(),
        refusals: [],
      };
    },
    end({ type, field, name, document, identity, correlationId, begunAt, refusals }, code) {
      const outcome = code ?? refusals[0] ?? OK;
      const passedMs = performance.now() - begunAt;
      const isLatency = type === "query" || type === "mutation";
      metrics.operationEnded({ type, field, outcome }, isLatency ? passedMs / 1_000 : null);
      if (!logger.isLevelEnabled(level)) return;
      const { scope } = identity;
      const subject = subjectName(identity, key);
      const durationMs = Math.round(passedMs * 10) / 10;
      const facts = { type, field, name, document, scope, subject, durationMs, outcome };
      logger[level]({ ...facts, correlationId }, "operation");
    },
  };
}

/** The one root field, which the schema knows; `several` where there may be more. */
function fieldOf({ selectionSet: { selections } }: OperationDefinitionNode): string {
  const [first] = selections;
  return selections.length === 1 && first?.kind === Kind.FIELD ? first.name.value : "several";
}

/** A subject may be somebody's name or address, so the log has a name of ours for it. */
function subjectName({ scope, subject }: Identity, key: string): string {
  const digest = createHmac("sha256", key).update(`log subject\n${scope}\n${subject}`);
  return digest.digest("base64url").slice(0, SUBJECT_LENGTH);
}
