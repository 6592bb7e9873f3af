import { UUID, type Document } from "mongodb";
import { toView, type ViewDocument } from "./document.ts";
import { pageQuery, rowCursor, type PageRequest, type Sort, type SortDirection } from "./keyset.ts";
import { QUERY_TIME_MAX_MS, reading, withHint } from "./reading.ts";
import type { EntityView } from "./view.ts";
import type { ViewTable } from "./view-table.ts";
import { waitForView, waitUntilView, type WantedView } from "./wait-for-view.ts";

/** One page of a list, with a cursor for each row. */
export interface Page<Context extends object> {
  readonly rows: readonly { readonly cursor: string; readonly view: EntityView<Context> }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface ListRequest<Where, SortName extends string> extends PageRequest {
  readonly where?: Where;
  readonly orderBy?: { readonly field: SortName; readonly direction: SortDirection };
}

/** Reads of one kind of entity. They throw `READ_UNAVAILABLE` while MongoDB is away. */
export interface ReadModel<Context extends object> {
  /** Null when there is none, or not yet. */
  byId(id: string): Promise<EntityView<Context> | null>;
  /** True once the read collection has the version, false at the deadline (ms since the epoch). */
  waitFor(id: string, version: number, deadline: number): Promise<boolean>;
  /** The first view from the version on for which it holds; null at the deadline. */
  waitUntil(
    wanted: {
      readonly id: string;
      readonly version: number;
      readonly holds: (view: EntityView<Context>) => boolean;
    },
    deadline: number,
  ): Promise<EntityView<Context> | null>;
}

/** What the reads of every kind of entity are made of. */
export interface Reads<Context extends object> extends ReadModel<Context> {
  page(where: Document, sort: Sort, request: PageRequest): Promise<Page<Context>>;
}

/** Reads over one read collection. */
export function createReads<Context extends object>(table: ViewTable): Reads<Context> {
  const typed = (row: ViewDocument): EntityView<Context> => toView(row) as EntityView<Context>;
  const limits = { maxTimeMS: QUERY_TIME_MAX_MS };
  return {
    async byId(id) {
      if (!UUID.isValid(id)) return null;
      const row = await reading(async () =>
        (await table.collection()).findOne({ _id: new UUID(id) }, limits),
      );
      return row === null ? null : typed(row);
    },
    async page(where, sort, request) {
      const query = pageQuery(where, sort, request);
      // One row more than the page tells whether there is another page.
      const options = { sort: query.sort, limit: query.size + 1, ...limits };
      const found = await withHint(query.hint, async (hint) => {
        const rows = await table.collection();
        return rows.find(query.filter, { ...options, ...hint }).toArray();
      });
      const hasMore = found.length > query.size;
      const rows = found.slice(0, query.size);
      if (query.isBackward) rows.reverse();
      return {
        rows: rows.map((row) => ({ cursor: rowCursor(row, sort), view: typed(row) })),
        hasNextPage: query.isBackward ? request.before !== undefined : hasMore,
        hasPreviousPage: query.isBackward ? hasMore : request.after !== undefined,
      };
    },
    waitFor: (id, version, deadline) => waitForView(table, { id, version }, deadline),
    async waitUntil(wanted, deadline) {
      const found = await waitUntilView(table, wanted as WantedView, deadline);
      return found as EntityView<Context> | null;
    },
  };
}
