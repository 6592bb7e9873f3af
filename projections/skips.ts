import type { Db } from "mongodb";
import type { AggregateName } from "../machines/index.ts";
import { allProjections } from "./all-projections.ts";

/** The versions of one entity whose events its projection passes over, as operators decided. */
export type Skips = (aggregate: AggregateName, stream: string) => Promise<ReadonlySet<number>>;

/** Where nothing is passed over. */
export const nothingSkipped: ReadonlySet<number> = new Set();

interface SkippedEvent {
  /** `<projection>/<stream>/<version>` */
  readonly _id: string;
  readonly version: number;
}

/**
 * Asks the database, because any process may have been told to skip; it is asked only about
 * entities that cannot be folded without. Throws what the driver throws.
 */
export function createSkips(db: Db): Skips {
  const skippedEvents = db.collection<SkippedEvent>("skipped_events");
  return async (aggregate, stream) => {
    const name = allProjections.find((one) => one.aggregate === aggregate)?.name ?? aggregate;
    const begin = `${name}/${stream}/`;
    const end = `${name}/${stream}0`;
    const found = await skippedEvents.find({ _id: { $gte: begin, $lt: end } }).toArray();
    return new Set(found.map(({ version }) => version));
  };
}
