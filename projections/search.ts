import type { Document } from "mongodb";
import { countRows } from "./count-rows.ts";
import type { PageRequest } from "./keyset.ts";
import type { ViewTable } from "./view-table.ts";

/** Rows that are looked at to tell a rare word from a frequent one. */
const FREQUENT = 1_000;
/** More than this is not counted. */
const FOUND_COUNTED_MAX = 10_000;

/** A search for rows with all the words of a text. */
export interface SearchRequest<Where> extends PageRequest {
  readonly text: string;
  readonly where?: Where;
}

/** The part of a search that tells the page. */
export function pageOf<Where>({
  text: _text,
  where: _where,
  ...page
}: SearchRequest<Where>): PageRequest {
  return page;
}

/** One word, in the forms of which any will do. */
type Word = readonly string[];

/**
 * A filter for rows with all the words. The rarest leads through the index and the others are only
 * looked at, so that a frequent word beside it costs nothing.
 */
export async function searchFilter(
  table: ViewTable,
  words: readonly Word[],
  where: Document,
): Promise<Document> {
  const [first = []] = words;
  const lead = words.length === 1 ? first : await rarest(table, words);
  const others = words.filter((word) => word !== lead);
  return {
    $and: [
      { "index.tokens": { $in: [...lead] } },
      ...others.map((word) => ({ $expr: hasAny(word) })),
      where,
    ],
  };
}

/** As an expression it is no bound of an index, so that the server cannot take it for the lead. */
function hasAny(word: Word): Document {
  return { $or: word.map((token) => ({ $in: [{ $literal: token }, "$index.tokens"] })) };
}

async function rarest(table: ViewTable, words: readonly Word[]): Promise<Word> {
  const counts = await Promise.all(
    words.map((word) =>
      countRows(table, { "index.tokens": { $in: [...word] } }, { limit: FREQUENT }),
    ),
  );
  const least = Math.min(...counts);
  return words[counts.indexOf(least)] ?? [];
}

/** Counts what a search finds, up to a bound. */
export async function countFound(table: ViewTable, filter: Document): Promise<number> {
  return countRows(table, filter, { limit: FOUND_COUNTED_MAX });
}
