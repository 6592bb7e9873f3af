import type { Document } from "mongodb";
import { QUERY_TIME_MAX_MS, withHint } from "./reading.ts";
import type { ViewTable } from "./view-table.ts";

interface Counting {
  /** The key of the index that does it; the server's choice unless given. */
  readonly index?: Document | undefined;
  /** It stops there. */
  readonly limit?: number;
}

/** Counts what a filter lets through, by index. */
export async function countRows(
  table: ViewTable,
  filter: Document,
  { index, limit }: Counting = {},
): Promise<number> {
  const limits = { maxTimeMS: QUERY_TIME_MAX_MS, ...(limit === undefined ? {} : { limit }) };
  return withHint(index, async (hint) =>
    (await table.collection()).countDocuments(filter, { ...limits, ...hint }),
  );
}
