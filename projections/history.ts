import { z } from "zod";
import {
  eventId,
  verifyHistory,
  type Commit,
  type EventStore,
  type Histories,
  type RefusedCommand,
  type Refusals,
} from "../log/index.ts";
import type { AggregateName, DomainEvent } from "../machines/index.ts";
import { ProjectionError } from "./errors.ts";
import { placedEvents } from "./evolve.ts";
import { pageSize, type PageRequest } from "./keyset.ts";
import { pastOf, type Past, type PastSources } from "./past.ts";

/** An event with all that is known of it, or a command that was refused. */
export type HistoryEntry =
  | {
      readonly kind: "event";
      readonly id: string;
      readonly version: number;
      readonly commit: Commit;
      readonly event: DomainEvent;
    }
  | { readonly kind: "refusal"; readonly version: number; readonly refusal: RefusedCommand };

export interface HistoryPage {
  readonly rows: readonly { readonly cursor: string; readonly entry: HistoryEntry }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface HistoryRequest {
  readonly aggregate: AggregateName;
  readonly id: string;
  /** Whose refused commands are shown; null = everybody's. */
  readonly subject: string | null;
  readonly page: HistoryPageRequest;
}

export interface HistoryPageRequest extends PageRequest {
  /** Begins behind the event of a version; instead of `after`. */
  readonly afterVersion?: number;
}

/**
 * Histories straight from the log: no read collection has a part in them. All throw
 * `STORE_UNAVAILABLE`, and `HISTORY_...` or `REPLAY_FAULT` for a history that is none.
 */
export interface HistoryReads {
  /**
   * Events in version order; refused commands after the event that they came after. Throws
   * `CURSOR_INVALID` and `PAGE_SIZE_INVALID` besides.
   */
  page(request: HistoryRequest): Promise<HistoryPage>;
  /** The entity after exactly so many events, or as it was at a moment (ISO 8601). */
  past(
    aggregate: AggregateName,
    id: string,
    moment: { readonly version: number } | { readonly at: string },
  ): Promise<Past>;
  /** Whether the chain of hashes holds; null when there is no such history. */
  verify(id: string): Promise<Awaited<ReturnType<typeof verifyHistory>> | null>;
}

export interface HistorySources extends PastSources {
  readonly histories: Histories;
  readonly refusals: Pick<Refusals, "read">;
}

/** Readers of one history at a time. */
export function createHistoryReads(sources: HistorySources): HistoryReads {
  const { store, histories } = sources;
  return {
    page: (request) => readPage(sources, request),
    async past(aggregate, id, moment) {
      const version =
        "version" in moment
          ? moment.version
          : await histories.versionAt(id, new Date(Date.parse(moment.at)));
      if (version === null) return { kind: "none" };
      return pastOf(sources, { aggregate, id, version });
    },
    async verify(id) {
      const verdict = await verifyHistory(store as EventStore, id);
      return verdict.ok && verdict.version === 0 ? null : verdict;
    },
  };
}

/** Where an entry stands: at a version, the event first, then what was refused, by time. */
interface Place {
  readonly version: number;
  /** Null for the event itself. */
  readonly refusal: { readonly at: string; readonly id: string } | null;
}

async function readPage(sources: HistorySources, request: HistoryRequest): Promise<HistoryPage> {
  const { page } = request;
  const { size, isBackward } = pageSize(page);
  const after = startOf(page, request.id);
  const before = page.before === undefined ? null : placeOf(page.before, request.id);
  const bounds = { after, before, limit: size + 1, isBackward };
  const [events, refusals] = await Promise.all([
    readEvents(sources, request, bounds),
    readRefusals(sources, request, bounds),
  ]);
  const sign = isBackward ? -1 : 1;
  const found = [...events, ...refusals].sort((left, right) => sign * compare(left, right));
  const entries = found.slice(0, size);
  if (isBackward) entries.reverse();
  const hasMore = found.length > size;
  return {
    rows: entries.map((entry) => ({ cursor: cursorOf(request.id, entry), entry })),
    hasNextPage: isBackward ? before !== null : hasMore,
    hasPreviousPage: isBackward ? hasMore : after !== null,
  };
}

function startOf({ after, afterVersion }: HistoryPageRequest, id: string): Place | null {
  if (afterVersion === undefined) return after === undefined ? null : placeOf(after, id);
  if (after === undefined) return { version: afterVersion, refusal: null };
  throw new ProjectionError("CURSOR_INVALID", "Give after or afterVersion, not both");
}

interface Bounds {
  readonly after: Place | null;
  readonly before: Place | null;
  readonly limit: number;
  readonly isBackward: boolean;
}

async function readEvents(
  { histories }: HistorySources,
  { id, aggregate }: HistoryRequest,
  { after, before, limit, isBackward }: Bounds,
): Promise<HistoryEntry[]> {
  const low = after?.version ?? 0;
  // The event of a version stands before what was refused at that version.
  const high =
    before === null ? Number.MAX_SAFE_INTEGER : before.version + (before.refusal === null ? 0 : 1);
  const commits = isBackward
    ? await histories.before(id, high, limit)
    : await histories.after(id, low, limit);
  const entries = commits
    .filter((commit) => commit.aggregate === aggregate)
    .flatMap((commit) =>
      placedEvents(commit).map(({ version, event }): HistoryEntry => {
        return { kind: "event", id: eventId(id, version), version, commit, event };
      }),
    )
    .filter(({ version }) => version > low && version < high);
  return isBackward ? entries.slice(-limit) : entries.slice(0, limit);
}

async function readRefusals(
  { refusals }: HistorySources,
  { id, aggregate, subject }: HistoryRequest,
  { after, before, limit, isBackward }: Bounds,
): Promise<HistoryEntry[]> {
  const place = ({ version, refusal }: Place) => ({ version, ...refusal });
  const found = await refusals.read({
    stream: id,
    subject,
    limit,
    isBackward,
    ...(after === null ? {} : { after: place(after) }),
    ...(before === null ? {} : { before: place(before) }),
  });
  return found
    .filter((refusal) => refusal.aggregate === aggregate)
    .map((refusal) => ({ kind: "refusal", version: refusal.version, refusal }));
}

function compare(left: HistoryEntry, right: HistoryEntry): number {
  if (left.version !== right.version) return left.version - right.version;
  const [one, other] = [keyOf(left), keyOf(right)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Orders the entries of one version: the empty key is the event's. */
function keyOf(entry: HistoryEntry): string {
  return entry.kind === "event" ? "" : `${entry.refusal.at}/${entry.refusal.id}`;
}

const cursorSchema = z.union([
  z.tuple([z.guid(), z.int().min(0)]),
  z.tuple([z.guid(), z.int().min(0), z.iso.datetime(), z.guid()]),
]);

function cursorOf(id: string, entry: HistoryEntry): string {
  const { version } = entry;
  const place =
    entry.kind === "event" ? [id, version] : [id, version, entry.refusal.at, entry.refusal.id];
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function placeOf(cursor: string, id: string): Place {
  let decoded: unknown = null;
  try {
    decoded = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    // Refused below.
  }
  const parsed = cursorSchema.safeParse(decoded).data;
  if (parsed?.[0] !== id) {
    throw new ProjectionError("CURSOR_INVALID", "The cursor is not one of this history");
  }
  const [, version, at, refusalId] = parsed;
  const isEvent = at === undefined || refusalId === undefined;
  return { version, refusal: isEvent ? null : { at, id: refusalId.toLowerCase() } };
}
