import { randomUUID } from "node:crypto";
import type { Binary, Filter } from "mongodb";
import type { AggregateName, Scope } from "../machines/index.ts";
import { toBinary, toUuid } from "./commit-document.ts";

const MESSAGE_LENGTH_MAX = 300;

/** A command that was refused. Nothing of its input is in it, so nothing personal either. */
export interface RefusedCommand {
  readonly id: string;
  readonly stream: string;
  readonly aggregate: AggregateName;
  /** The version of the entity that it was refused at. */
  readonly version: number;
  /** When it was refused, ISO 8601. */
  readonly at: string;
  readonly commandId: string;
  readonly subject: string;
  readonly scope: Scope;
  readonly command: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly code: string;
  readonly message: string;
}

/** `version` is null where the answer did not tell it; then it is looked up before writing. */
export type RefusalNote = Omit<RefusedCommand, "id" | "at" | "version"> & {
  readonly version: number | null;
};

/** A place among the refused commands of an entity; null parts stand before all. */
export interface RefusalPlace {
  readonly version: number;
  readonly at?: string;
  readonly id?: string;
}

/** Which refused commands of an entity. */
export interface RefusalsRequest {
  readonly stream: string;
  readonly subject: string | null;
  readonly after?: RefusalPlace;
  readonly before?: RefusalPlace;
  readonly limit: number;
  /** The newest first. */
  readonly isBackward: boolean;
}

/** A refused command as MongoDB holds it. */
export interface RefusalDocument {
  readonly _id: Binary;
  readonly s: Binary;
  readonly t: string;
  readonly v: number;
  readonly at: Date;
  readonly id: string;
  readonly by: string;
  readonly scope: string;
  readonly cmd: string;
  readonly corr: string;
  readonly cause: string | null;
  readonly code: string;
  readonly msg: string;
}

/** The request as a filter of MongoDB. */
export function filterOf({
  stream,
  subject,
  after,
  before,
}: RefusalsRequest): Filter<RefusalDocument> {
  const clauses: Filter<RefusalDocument>[] = [{ s: toBinary(stream) }];
  if (subject !== null) clauses.push({ by: subject });
  if (after !== undefined) clauses.push(beyond(after, "$gt"));
  if (before !== undefined) clauses.push(beyond(before, "$lt"));
  return { $and: clauses };
}

/** A place without a moment stands right before the refused commands of its version. */
function beyond(
  { version, at, id }: RefusalPlace,
  comparison: "$gt" | "$lt",
): Filter<RefusalDocument> {
  if (at === undefined || id === undefined) {
    return { v: comparison === "$gt" ? { $gte: version } : { $lt: version } };
  }
  const moment = new Date(at);
  return {
    $or: [
      { v: { [comparison]: version } },
      { v: version, at: { [comparison]: moment } },
      { v: version, at: moment, _id: { [comparison]: toBinary(id) } },
    ],
  };
}

/** The document of a note. */
export function toDocument(
  note: RefusalNote & { readonly at: Date; readonly version: number },
): RefusalDocument {
  return {
    _id: toBinary(randomUUID()),
    s: toBinary(note.stream),
    t: note.aggregate,
    v: note.version,
    at: note.at,
    id: note.commandId,
    by: note.subject,
    scope: note.scope,
    cmd: note.command,
    corr: note.correlationId,
    cause: note.causationId,
    code: note.code,
    msg: note.message.slice(0, MESSAGE_LENGTH_MAX),
  };
}

/** The refused command in a document. */
export function toRefused(document: RefusalDocument): RefusedCommand {
  return {
    id: toUuid(document._id),
    stream: toUuid(document.s),
    aggregate: document.t as AggregateName,
    version: document.v,
    at: document.at.toISOString(),
    commandId: document.id,
    subject: document.by,
    scope: document.scope as Scope,
    command: document.cmd,
    correlationId: document.corr,
    causationId: document.cause,
    code: document.code,
    message: document.msg,
  };
}
