import type { Db } from "mongodb";
import type { Logger } from "pino";
import type { Privacy } from "../privacy/index.ts";
import { readModels } from "./generations.ts";
import type { Runner } from "./runner.ts";

/** How often it is looked whether somebody is still to be forgotten for certain. */
const LOOK_INTERVAL_MS = 15_000;
/** A row that was made with a destroyed key, just before, is written within this time. */
const LATE_WRITE_MAX_MS = 60_000;
/** The orders of one customer that are projected anew at once. */
const ORDERS_AT_ONCE = 16;

/** What it takes to know who was erased. */
export type Erasures = Pick<Privacy, "pending" | "forgotten" | "keyAgeMaxMs">;

interface Options {
  readonly db: Db;
  readonly orders: Runner;
  readonly erasures?: Erasures | undefined;
  readonly logger: Logger;
}

/** Makes the search forget customers who were erased. */
export interface ForgetCustomers {
  /** Projects the customer's orders anew; resolves with how many they are. May be repeated. */
  now(customer: string): Promise<number>;
  close(): void;
}

/**
 * Forgets when told, and once more when no process can have the key any longer and no rebuild that
 * may have seen it is under way: what died half-way or wrote late is put right by then.
 */
export function forgetCustomers(options: Options): ForgetCustomers {
  const { db, orders, erasures, logger } = options;
  /** Forgotten at the last look, with no rebuild under way. */
  let before = new Set<string>();

  async function now(customer: string): Promise<number> {
    const collection = await orders.table.collection();
    const owned = collection.find(
      { "index.customerId": { $eq: customer } },
      { projection: { _id: 1 } },
    );
    let count = 0;
    let some: Promise<boolean>[] = [];
    for await (const { _id } of owned) {
      count += 1;
      some.push(orders.retry(_id.toString()));
      if (some.length < ORDERS_AT_ONCE) continue;
      await Promise.all(some);
      some = [];
    }
    await Promise.all(some);
    return count;
  }

  async function look({ pending, forgotten, keyAgeMaxMs }: Erasures): Promise<void> {
    const until = Date.now() - keyAgeMaxMs - LATE_WRITE_MAX_MS;
    const due = (await pending()).filter(({ erasedAt }) => erasedAt.getTime() < until);
    const again = new Set<string>();
    for (const { customer } of due) {
      const model = await readModels(db).findOne({ _id: "orders" });
      const isBuilding = model?.rebuild !== undefined && model.rebuild !== null;
      await now(customer);
      // Twice, because the generation that this process serves may be a look behind.
      if (isBuilding || !before.has(customer)) again.add(customer);
      else await forgotten(customer);
      if (isBuilding) again.delete(customer);
    }
    before = again;
  }

  let isLooking = false;
  const timer = setInterval(() => {
    if (erasures === undefined || isLooking) return;
    isLooking = true;
    // While MongoDB is away there is nothing to forget from; the next look comes.
    look(erasures)
      .catch((err: unknown) => logger.debug({ err }, "erased customers are forgotten later"))
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_INTERVAL_MS);
  timer.unref();
  return { now, close: () => clearInterval(timer) };
}
