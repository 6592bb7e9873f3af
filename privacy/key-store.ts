import { randomBytes, randomUUID } from "node:crypto";
import { Binary, MongoBulkWriteError, type Collection, type Db } from "mongodb";
import { KEY_BYTES } from "./cipher.ts";
import { unavailable } from "./errors.ts";
import type { MasterKeys } from "./master-key.ts";

/** A customer's key, or what is left of it once they were erased. */
interface KeyDocument {
  _id: string;
  /** What a sealed form names; another one each time, so that it tells nothing of the customer. */
  key?: string;
  master?: string;
  wrapped?: Binary;
  createdAt?: Date;
  erasedAt?: Date;
  erasedBy?: string;
  /** Set until the search has forgotten the customer for certain. */
  pending?: true;
}

/** The key of a customer; null when it was destroyed. `bytes` null = no master key opens it. */
export type CustomerKey = { readonly id: string; readonly bytes: Buffer | null } | null;

/** What erasing a customer did. */
export interface Erasure {
  readonly outcome: "ERASED" | "ALREADY_ERASED" | "NOTHING_HELD";
  /** When the customer was erased first. */
  readonly erasedAt: Date;
}

/** The customers' keys in MongoDB. Everything throws `KEYS_UNAVAILABLE` and may be repeated. */
export interface KeyStore {
  prepare(): Promise<void>;
  /** The keys that there are; who has none is not in the map. */
  find(customers: readonly string[]): Promise<ReadonlyMap<string, CustomerKey>>;
  /** Makes a key for each who has none and was not erased: durable on the majority. */
  create(customers: readonly string[]): Promise<void>;
  /** Destroys a key and leaves a tombstone, for ever. */
  erase(customer: string, by: string): Promise<Erasure>;
  /** Who was erased and is not yet forgotten for certain. */
  pending(): Promise<readonly { readonly customer: string; readonly erasedAt: Date }[]>;
  forgotten(customer: string): Promise<void>;
  /** Wraps anew what an earlier master key has wrapped; resolves with how many keys it were. */
  rewrap(): Promise<number>;
}

const DUPLICATE_KEY = 11000;
const MAJORITY = { writeConcern: { w: "majority" as const, journal: true } };
/** A key that a rollback could take back must not be used: what it sealed would be lost. */
const ON_MAJORITY = { readConcern: { level: "majority" as const } };

/** Keys in the collection `customer_keys`, one document per customer. */
export function createKeyStore(db: Db, masterKeys: MasterKeys): KeyStore {
  const keys = db.collection<KeyDocument>("customer_keys");

  function newKey(customer: string): Omit<KeyDocument, "_id"> {
    const key = randomUUID();
    const { master, bytes } = masterKeys.wrap(randomBytes(KEY_BYTES), ownerOf(customer, key));
    return { key, master, wrapped: new Binary(bytes), createdAt: new Date() };
  }

  return {
    prepare: () =>
      translated(async () => {
        await keys.createIndexes([{ key: { pending: 1 }, name: "pending", sparse: true }]);
      }),
    find: (customers) =>
      translated(async () => {
        const found = await keys.find({ _id: { $in: [...customers] } }, ON_MAJORITY).toArray();
        return new Map(
          found.map((document): [string, CustomerKey] => {
            const { _id, key, erasedAt } = document;
            const isGone = erasedAt !== undefined || key === undefined;
            return [_id, isGone ? null : { id: key, bytes: bytesOf(document, masterKeys) }];
          }),
        );
      }),
    create: (customers) =>
      translated(async () => {
        // Whoever comes second, in this process or another, finds the first one's key or tombstone.
        const upserts = customers.map((customer) => ({
          updateOne: {
            filter: { _id: customer },
            update: { $setOnInsert: newKey(customer) },
            upsert: true,
          },
        }));
        await keys.bulkWrite(upserts, { ordered: false, ...MAJORITY }).catch(unlessTaken);
      }),
    erase: (customer, by) => translated(() => eraseKey(keys, customer, by)),
    pending: () =>
      translated(async () => {
        const found = await keys.find({ pending: true }, ON_MAJORITY).toArray();
        return found.map(({ _id, erasedAt }) => ({
          customer: _id,
          erasedAt: erasedAt ?? new Date(),
        }));
      }),
    forgotten: (customer) =>
      translated(async () => {
        await keys.updateOne({ _id: customer }, { $unset: { pending: true } }, MAJORITY);
      }),
    rewrap: () => translated(() => rewrapKeys(keys, masterKeys)),
  };
}

function bytesOf({ _id, key, master, wrapped }: KeyDocument, masterKeys: MasterKeys) {
  if (key === undefined || master === undefined || wrapped === undefined) return null;
  return masterKeys.unwrap({ master, bytes: Buffer.from(wrapped.buffer) }, ownerOf(_id, key));
}

async function eraseKey(
  keys: Collection<KeyDocument>,
  customer: string,
  by: string,
): Promise<Erasure> {
  const tombstone = {
    _id: "$_id",
    erasedAt: "$$NOW",
    erasedBy: { $literal: by },
    pending: { $literal: true },
  };
  const isErased = { $ne: [{ $type: "$erasedAt" }, "missing"] };
  const before = await keys.findOneAndUpdate(
    { _id: customer },
    [{ $replaceWith: { $cond: [isErased, "$$ROOT", tombstone] } }],
    { upsert: true, returnDocument: "before", ...MAJORITY },
  );
  const after = await keys.findOne({ _id: customer }, ON_MAJORITY);
  const erasedAt = after?.erasedAt ?? new Date();
  if (before === null) return { outcome: "NOTHING_HELD", erasedAt };
  return { outcome: before.erasedAt === undefined ? "ERASED" : "ALREADY_ERASED", erasedAt };
}

async function rewrapKeys(keys: Collection<KeyDocument>, masterKeys: MasterKeys): Promise<number> {
  let count = 0;
  for await (const document of keys.find({ master: { $exists: true, $ne: masterKeys.id } })) {
    const { _id, key, master } = document;
    const bytes = bytesOf(document, masterKeys);
    if (key === undefined || master === undefined || bytes === null) continue;
    const fresh = masterKeys.wrap(bytes, ownerOf(_id, key));
    // Only what is still as it was read: a key that was destroyed meanwhile stays destroyed.
    const { modifiedCount } = await keys.updateOne(
      { _id, key, master },
      { $set: { master: fresh.master, wrapped: new Binary(fresh.bytes) } },
      MAJORITY,
    );
    count += modifiedCount;
  }
  return count;
}

/** Two upserts of one customer may both try to insert; the second one's failure is what we want. */
function unlessTaken(error: unknown): void {
  const faults = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  if (faults.length === 0 || faults.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
}

/** A wrapped key is bound to its owner and name, so that no one can be given another's. */
function ownerOf(customer: string, key: string): string {
  return JSON.stringify([customer, key]);
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}
