import type { EntityView } from "../../projections/index.ts";
import { builder } from "./builder.ts";

/** One page of a list, as a Relay connection needs it. */
export interface Connection<View extends EntityView> {
  readonly rows: readonly { readonly cursor: string; readonly view: View }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Costs a query of its own, so it is run only when asked for. */
  count(): Promise<number>;
}

/** What a page of any kind knows of its place in the list. */
interface Paged {
  readonly rows: readonly { readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export const pageInfoType = builder.objectRef<Paged>("PageInfo").implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNextPage"),
    hasPreviousPage: t.exposeBoolean("hasPreviousPage"),
    startCursor: t.field({
      type: "Cursor",
      nullable: true,
      resolve: ({ rows }) => rows[0]?.cursor,
    }),
    endCursor: t.field({
      type: "Cursor",
      nullable: true,
      resolve: ({ rows }) => rows.at(-1)?.cursor,
    }),
  }),
});

export const sortDirection = builder.enumType("SortDirection", {
  values: ["ASC", "DESC"] as const,
});
