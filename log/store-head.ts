import type { Db } from "mongodb";
import type { AggregateName } from "../machines/index.ts";
import { toUuid } from "./commit-document.ts";
import { unavailable } from "./mongo-errors.ts";
import { eventsCollection } from "./prepare-log.ts";

/** The newest commit: whoever follows the log must come to it. */
export interface StoreHead {
  readonly stream: string;
  readonly aggregate: AggregateName;
  /** The entity's version after it. */
  readonly version: number;
  readonly partition: number;
  /** Server time (ms since the epoch, in whole seconds). */
  readonly time: number;
}

/** Reads where the log ends; null when it is empty. Throws `STORE_UNAVAILABLE`. */
export async function readHead(db: Db): Promise<StoreHead | null> {
  const parts = { _id: 0, s: 1, t: 1, v: 1, n: 1, p: 1, ts: 1 } as const;
  try {
    // One that rolled back would be waited for in vain.
    const found = await eventsCollection(db).findOne(
      {},
      { projection: parts, sort: { $natural: -1 }, readConcern: { level: "majority" } },
    );
    if (found === null) return null;
    return {
      stream: toUuid(found.s),
      aggregate: found.t as AggregateName,
      version: Number(found.v) + Number(found.n) - 1,
      partition: Number(found.p),
      time: found.ts.t * 1_000,
    };
  } catch (cause) {
    throw unavailable(cause);
  }
}
