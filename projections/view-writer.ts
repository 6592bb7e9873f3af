import { BSON, MongoBulkWriteError, MongoInvalidArgumentError, type Collection } from "mongodb";
import { toDocument, type Projection, type ViewDocument } from "./document.ts";
import { poisonOf, type Poison } from "./fold-commits.ts";
import type { MarkedView } from "./view.ts";

/** Rows in one bulkWrite. */
const ROWS_PER_WRITE_MAX = 500;

/**
 * Server codes that blame the document itself: bad value, validation, field names, size. Any other
 * failure is the server's state and worth another try.
 */
const DOCUMENT_FAULTS: ReadonlySet<number | string | undefined> = new Set([
  2, 52, 56, 57, 121, 10334, 17419, 17420,
]);

/**
 * How rows are written. `guarded`: a newer row stays as it is. `replacing`: also a row of the same
 * version is replaced. `inserting`: for a collection that is being filled, where most rows are new.
 */
export type WriteWay = "guarded" | "replacing" | "inserting";

export interface ViewsToWrite {
  readonly projection: Projection;
  readonly views: readonly MarkedView[];
  readonly way: WriteWay;
}

/**
 * Writes views as rows, durable on the majority; a row that is newer already stays as it is. The
 * answer names the views that no row can hold. Throws when the outcome is open: write again.
 */
export async function writeViews(
  collection: Collection<ViewDocument>,
  { projection, views, way }: ViewsToWrite,
): Promise<Poison[]> {
  const refused: Poison[] = [];
  const rows: ViewDocument[] = [];
  // All at once, so that the keys of a whole batch are one read.
  const opened = await Promise.all(views.map(async (view) => projection.openedFields?.(view)));
  for (const [index, view] of views.entries()) {
    try {
      rows.push(toDocument(projection, view, opened[index]));
    } catch (error) {
      refused.push(poisonOf({ stream: view.id, version: view.version }, error));
    }
  }
  for (let start = 0; start < rows.length; start += ROWS_PER_WRITE_MAX) {
    const some = rows.slice(start, start + ROWS_PER_WRITE_MAX);
    const left = way === "inserting" ? await insertRows(collection, some) : some;
    refused.push(...(await writeRows(collection, left, way)));
  }
  return refused;
}

/** Inserts, which costs a third of an upsert; answers with the rows to write the careful way. */
async function insertRows(
  collection: Collection<ViewDocument>,
  rows: readonly ViewDocument[],
): Promise<readonly ViewDocument[]> {
  try {
    await collection.insertMany(rows, { ordered: false, writeConcern: { w: "majority" } });
    return [];
  } catch {
    // Whatever it was: a guarded write of the same rows is right after any outcome.
    return rows;
  }
}

async function writeRows(
  collection: Collection<ViewDocument>,
  rows: readonly ViewDocument[],
  way: WriteWay,
): Promise<Poison[]> {
  if (rows.length === 0) return [];
  const least = way === "replacing" ? "$lte" : "$lt";
  try {
    await collection.bulkWrite(
      rows.map((row) => upsert(row, least)),
      { ordered: false, writeConcern: { w: "majority" } },
    );
    return [];
  } catch (error) {
    if (error instanceof MongoBulkWriteError) return refusedRows(rows, error);
    if (!(error instanceof BSON.BSONError) && !(error instanceof MongoInvalidArgumentError)) {
      throw error;
    }
    // The driver could not even encode the batch and does not say which row it was: halve it.
    const [first] = rows;
    if (first === undefined || rows.length === 1) return first ? [rowPoison(first, error)] : [];
    const middle = Math.ceil(rows.length / 2);
    const left = await writeRows(collection, rows.slice(0, middle), way);
    return [...left, ...(await writeRows(collection, rows.slice(middle), way))];
  }
}

/**
 * An upsert with nothing but the key in its filter: it can neither raise a duplicate key, as a
 * filter with the version does when the row is newer, nor lose a race of two upserts.
 */
function upsert(row: ViewDocument, least: "$lt" | "$lte") {
  const isNewer = { [least]: [{ $ifNull: ["$version", 0] }, row.version] };
  return {
    updateOne: {
      filter: { _id: row._id },
      update: [{ $replaceWith: { $cond: [isNewer, { $literal: row }, "$$ROOT"] } }],
      upsert: true,
    },
  };
}

function refusedRows(rows: readonly ViewDocument[], error: MongoBulkWriteError): Poison[] {
  const faults = [error.writeErrors].flat();
  if (faults.length === 0 || !faults.every((fault) => DOCUMENT_FAULTS.has(fault.code))) {
    throw error;
  }
  return faults.flatMap((fault) => {
    const row = rows[fault.index];
    return row === undefined ? [] : [rowPoison(row, fault.errmsg)];
  });
}

function rowPoison(row: ViewDocument, error: unknown): Poison {
  const place = { stream: row._id.toString(), version: row.version };
  return { ...poisonOf(place, error), code: "ROW_REFUSED" };
}
