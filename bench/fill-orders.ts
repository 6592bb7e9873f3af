import { isDeepStrictEqual } from "node:util";
import type { Collection, Db, Document } from "mongodb";
import type { EventStore } from "../log/index.ts";
import { cloning, identityOf } from "./order-clone.ts";
import type { Template } from "./order-templates.ts";
import type { Course } from "./paper-shop.ts";
import type { Served } from "./served.ts";

const DAY_MS = 86_400_000;
/** However many there are: what grows is the history, not the business. */
export const ORDERS_A_DAY = 1_000;
const ORDERS_PER_WRITE = 500;
const WRITES_IN_FLIGHT = 2;
const STREAMS_IN_FLIGHT = 256;
const APPEND_TIME_MAX_MS = 60_000;
/** From this many on indexes are dropped before and built after: that is four times as fast. */
const INDEXED_MAX = 50_000;
/** How far an order came that is too young for what it would come to. */
const earlier: Readonly<Partial<Record<Course, Course>>> = {
  refunded: "delivered",
  delivered: "shipped",
  shipped: "paid",
  paid: "reserved",
  cancelled: "reserved",
};

interface FillOptions {
  readonly db: Db;
  readonly store: EventStore;
  readonly served: Served;
  readonly templates: readonly Template[];
  /** The newest moment; orders lie before it, one after the other. */
  readonly now: number;
  readonly report: (line: string) => void;
}

/** Orders from one index (0 is the newest) to another, exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** One in so many has its events in the log. */
  readonly historyOf: number;
}

/**
 * Stores orders as this code has stored the templates: rows, facts and days, and in the log the
 * events of some. Resolves with the ids of these.
 */
export async function fillOrders(options: FillOptions, range: Range): Promise<readonly string[]> {
  const { db, served } = options;
  const isLarge = range.to - range.from > INDEXED_MAX;
  const collections = [served.rows, ...served.facts.values()].map((name) => db.collection(name));
  const indexes = isLarge ? await dropIndexes(collections) : [];
  await writeViews(options, range);
  for (const [collection, keys] of indexes) {
    options.report(`bench: builds the indexes of ${collection.collectionName}`);
    await collection.createIndexes(keys.map((key) => ({ key })));
  }
  return await appendHistories(options, range);
}

async function dropIndexes(
  collections: readonly Collection[],
): Promise<(readonly [Collection, Document[]])[]> {
  const dropped: (readonly [Collection, Document[]])[] = [];
  for (const collection of collections) {
    const keys = (await collection.indexes()).map(({ key }) => key);
    await collection.dropIndexes();
    dropped.push([collection, keys.filter((key) => !isDeepStrictEqual(key, { _id: 1 }))]);
  }
  return dropped;
}

/** The n-th order: a template, and when it was placed. */
function orderAt({ templates, now }: FillOptions, index: number) {
  const ageMs = ((index + 0.5) / ORDERS_A_DAY) * DAY_MS;
  const nth = (index * 7_919) % 100;
  const wanted: Course = nth < 74 ? "delivered" : nth < 82 ? "refunded" : "cancelled";
  let course: Course | undefined = nth < 97 ? wanted : "rejected";
  for (; course !== undefined; course = earlier[course]) {
    const able = templates.filter((one) => one.course === course && one.durationMs <= ageMs);
    const template = able[index % Math.max(1, able.length)];
    if (template !== undefined) return { template, at: Math.floor(now - ageMs) };
  }
  const [first] = templates;
  if (first === undefined) throw new Error("there are no templates");
  return { template: first, at: Math.floor(now - ageMs) };
}

async function writeViews(options: FillOptions, { from, to }: Range): Promise<void> {
  const { db, served, report } = options;
  const writeConcern = { w: 1, journal: false } as const;
  const write = async (name: string, documents: Document[]): Promise<void> => {
    if (documents.length === 0) return;
    await db.collection(name).insertMany(documents, { ordered: false, writeConcern });
  };
  const days = new Set<string>();
  const inFlight: Promise<unknown>[] = [];
  for (let start = from; start < to; start += ORDERS_PER_WRITE) {
    const documents = new Map(
      [served.rows, ...served.facts.values()].map((name) => [name, [] as Document[]]),
    );
    for (let index = start; index < Math.min(to, start + ORDERS_PER_WRITE); index += 1) {
      const { template, at } = orderAt(options, index);
      const clone = cloning(template, identityOf(index, at));
      documents.get(served.rows)?.push(clone.document(template.row));
      for (const [kind, name] of served.facts) {
        const facts = (template.facts[kind] ?? []).map((fact) => clone.document(fact));
        documents.get(name)?.push(...facts);
      }
      for (const commit of template.commits)
        days.add(dayOf(Date.parse(commit.at) - template.at + at));
    }
    inFlight.push(Promise.all([...documents].map(([name, some]) => write(name, some))));
    if (inFlight.length >= WRITES_IN_FLIGHT) await inFlight.shift();
    if ((start - from) % 100_000 === 0) report(`bench: ${String(start - from)} orders written`);
  }
  await Promise.all(inFlight);
  if (served.days !== null) await markDays(db.collection(served.days), days);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** As a projector says that a day is to be counted anew. */
async function markDays(collection: Collection, days: ReadonlySet<string>): Promise<void> {
  const marks = [...days].map((day) => ({
    updateOne: { filter: { _id: day as never }, update: { $inc: { marks: 1 } }, upsert: true },
  }));
  await collection.bulkWrite(marks, { ordered: false, writeConcern: { w: "majority" } });
}

async function appendHistories(
  options: FillOptions,
  { from, to, historyOf }: Range,
): Promise<readonly string[]> {
  const { store } = options;
  const ids: string[] = [];
  let next = from;
  const work = async (): Promise<void> => {
    for (let index = next; index < to; index = next) {
      next += historyOf;
      const { template, at } = orderAt(options, index);
      const identity = identityOf(index, at);
      for (const commit of cloning(template, identity).commits(template.commits)) {
        const result = await store.append(commit, Date.now() + APPEND_TIME_MAX_MS);
        if (result.kind !== "landed") throw new Error(`a commit is ${result.kind}`);
      }
      ids.push(identity.id);
    }
  };
  await Promise.all(Array.from({ length: STREAMS_IN_FLIGHT }, work));
  return ids;
}
