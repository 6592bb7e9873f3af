import { LRUCache } from "lru-cache";
import type { CustomerKey, KeyStore } from "./key-store.ts";

/** Keys kept in memory, least recently used out first. */
const KEYS_CACHED_MAX = 20_000;
/** Customers in one read or write. */
const BATCH_MAX = 1_000;

/** The keys of customers as this process knows them. Both throw `KEYS_UNAVAILABLE`. */
export interface KeyRing {
  /** Undefined for a customer who never had one. */
  find(customer: string): Promise<CustomerKey | undefined>;
  /** Makes a key for one who has none; it is durable before it is handed out. */
  ensure(customer: string): Promise<CustomerKey>;
  /** The customer's key must be read again. */
  forget(customer: string): void;
}

interface Asked {
  readonly isNeeded: boolean;
  readonly resolve: (key: CustomerKey | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked within one turn of the event loop into one read. What was read is good for
 * `ageMaxMs`, so that a destroyed key is given up even by a process that was never told.
 */
export function createKeyRing(store: KeyStore, ageMaxMs: number): KeyRing {
  const known = new LRUCache<string, { readonly key: CustomerKey }>({
    max: KEYS_CACHED_MAX,
    ttl: ageMaxMs,
  });
  let asked = new Map<string, Asked[]>();
  let timesForgotten = 0;

  async function load(batch: ReadonlyMap<string, readonly Asked[]>): Promise<void> {
    const before = timesForgotten;
    const customers = [...batch.keys()];
    const found = new Map(await store.find(customers));
    const isNeeded = (customer: string) => batch.get(customer)?.some((one) => one.isNeeded);
    const missing = customers.filter((one) => !found.has(one) && isNeeded(one));
    if (missing.length > 0) {
      await store.create(missing);
      for (const [customer, key] of await store.find(missing)) found.set(customer, key);
    }
    for (const [customer, askers] of batch) {
      const key = found.get(customer);
      // What was read while somebody was being erased may be the key that is gone.
      if (key !== undefined && before === timesForgotten) known.set(customer, { key });
      for (const { resolve } of askers) resolve(key);
    }
  }

  function flush(): void {
    const all = [...asked];
    asked = new Map();
    for (let start = 0; start < all.length; start += BATCH_MAX) {
      const batch = new Map(all.slice(start, start + BATCH_MAX));
      load(batch).catch((error: unknown) => {
        for (const { reject } of [...batch.values()].flat()) reject(error);
      });
    }
  }

  function ask(customer: string, isNeeded: boolean): Promise<CustomerKey | undefined> {
    const hit = known.get(customer);
    if (hit !== undefined) return Promise.resolve(hit.key);
    if (asked.size === 0) setImmediate(flush);
    return new Promise((resolve, reject) => {
      const askers = asked.get(customer) ?? [];
      askers.push({ isNeeded, resolve, reject });
      asked.set(customer, askers);
    });
  }

  return {
    find: (customer) => ask(customer, false),
    async ensure(customer) {
      // Undefined only when somebody removed the document by hand between two reads.
      return (await ask(customer, true)) ?? null;
    },
    forget(customer) {
      timesForgotten += 1;
      known.delete(customer);
    },
  };
}
