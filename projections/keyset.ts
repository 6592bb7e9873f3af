import { UUID, type Document, type Filter } from "mongodb";
import { z } from "zod";
import type { ViewDocument } from "./document.ts";
import { ProjectionError } from "./errors.ts";

/** Rows on one page. */
const PAGE_SIZE_MAX = 100;
const PAGE_SIZE_DEFAULT = 20;
const CURSOR_LENGTH_MAX = 2_048;

/** A field that lists are ordered by; equal values are ordered by id. */
export interface SortField {
  readonly path: "createdAt" | "updatedAt" | `index.${string}`;
  readonly kind: "date" | "number" | "text";
}

export type SortDirection = "ASC" | "DESC";

/** Which part of a list: `first`/`after` forwards or `last`/`before` backwards, as in Relay. */
export interface PageRequest {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

/** What a list is ordered by. The name tells list and order, and is part of each cursor. */
export interface Sort {
  readonly name: string;
  /** The index that has this order for what is asked for. */
  readonly hint?: Document | undefined;
  readonly field: SortField;
  readonly direction: SortDirection;
}

/** A page as a query: find `filter`, sort by `sort`, take `size` and one more to know of it. */
export interface PageQuery {
  readonly filter: Filter<ViewDocument>;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  readonly size: number;
  readonly isBackward: boolean;
  /** The index to use; the server's choice when there is none. */
  readonly hint: Document | undefined;
}

/** How many rows, and from which end. Throws `PAGE_SIZE_INVALID`. */
export function pageSize({ first, last }: PageRequest): Pick<PageQuery, "size" | "isBackward"> {
  if (first !== undefined && last !== undefined) {
    throw new ProjectionError("PAGE_SIZE_INVALID", "Give first or last, not both");
  }
  const size = first ?? last ?? PAGE_SIZE_DEFAULT;
  if (!Number.isInteger(size) || size < 0 || size > PAGE_SIZE_MAX) {
    const message = `A page has 0 to ${PAGE_SIZE_MAX} rows, not ${size}`;
    throw new ProjectionError("PAGE_SIZE_INVALID", message);
  }
  return { size, isBackward: last !== undefined };
}

/** Turns a request into a query. Throws `PAGE_SIZE_INVALID` or `CURSOR_INVALID`. */
export function pageQuery(where: Document, sort: Sort, request: PageRequest): PageQuery {
  const { size, isBackward } = pageSize(request);
  const isAscending = sort.direction === "ASC";
  const clauses = [where];
  if (request.after !== undefined) {
    clauses.push(beyond(sort, request.after, isAscending ? "$gt" : "$lt"));
  }
  if (request.before !== undefined) {
    clauses.push(beyond(sort, request.before, isAscending ? "$lt" : "$gt"));
  }
  const step = isAscending !== isBackward ? 1 : -1;
  return {
    filter: clauses.length === 1 ? where : { $and: clauses },
    sort: { [sort.field.path]: step, _id: step },
    size,
    isBackward,
    hint: sort.hint,
  };
}

/**
 * Rows on the far side of a cursor; the range on the field alone lets the index start there. As an
 * `$or` the rest would tempt the server to read both of its sides and to sort what it finds.
 */
function beyond(sort: Sort, cursor: string, comparison: "$gt" | "$lt"): Document {
  const { path } = sort.field;
  const place = parseCursor(cursor, sort);
  const passed = comparison === "$gt" ? "$lte" : "$gte";
  return {
    [path]: { [`${comparison}e`]: place.value },
    $nor: [{ [path]: place.value, _id: { [passed]: place.id } }],
  };
}

const cursorSchema = z.tuple([z.string(), z.union([z.string().max(1_000), z.number()]), z.guid()]);

/** The opaque cursor of a row in a list so ordered. */
export function rowCursor(row: ViewDocument, { name, field }: Sort): string {
  const value = valueAt(row, field.path);
  const place = [name, value instanceof Date ? value.getTime() : value, row._id.toString()];
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function parseCursor(cursor: string, { name, field }: Sort) {
  const place = cursor.length > CURSOR_LENGTH_MAX ? null : decoded(cursor);
  const parsed = cursorSchema.safeParse(place);
  const [ofList, value, id] = parsed.data ?? [];
  const isOfKind = typeof value === (field.kind === "text" ? "string" : "number");
  if (ofList !== name || !isOfKind || value === undefined || id === undefined) {
    throw new ProjectionError("CURSOR_INVALID", "The cursor is not one of this list");
  }
  const date = field.kind === "date" ? new Date(value) : null;
  if (date !== null && Number.isNaN(date.getTime())) {
    throw new ProjectionError("CURSOR_INVALID", "The cursor is not one of this list");
  }
  return { value: date ?? value, id: new UUID(id) };
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

function valueAt(row: ViewDocument, path: SortField["path"]): unknown {
  if (path === "createdAt" || path === "updatedAt") return row[path];
  return row.index[path.slice("index.".length)];
}
