import type { Db } from "mongodb";
import { namesOf, type Projection } from "./document.ts";

/** How often every process looks whether it should read another generation. */
const LOOK_INTERVAL_MS = 1_000;
/** A look that is older than this is no ground to read on: the process may have been stopped. */
const LOOK_AGE_MAX_MS = 10_000;
/** A generation that is no longer served stays for this long: well above the age of a look. */
const GRACE_MS = 60_000;

/** One build of a projection: its collections and its checkpoint have `suffix` in their names. */
export interface Generation {
  /** Empty for the collections that the first start has made. */
  readonly suffix: string;
  /** Of the code that has built it. */
  readonly codeVersion: number;
}

/** A generation with the moment at which this process is told to serve another one. */
export interface Serving extends Generation {
  readonly ended: AbortSignal;
}

/** What `read_models` holds of one projection; `rebuild` belongs to `rebuild-claim.ts`. */
export interface ReadModelDocument {
  readonly _id: string;
  /** The one of each code version. Processes of older code go on with theirs. */
  readonly generations: readonly Generation[];
  readonly retired: readonly { readonly suffix: string; readonly since: Date }[];
  readonly rebuild?: object | null;
}

/** Which generation of a projection this process reads and writes. */
export interface Generations {
  /** As far as the last look knew. */
  current(): Serving;
  /** The same, after a look if the last one is old. Throws what the driver throws. */
  fresh(): Promise<Serving>;
  close(): void;
}

/** The collection with one document for each projection, which tells its generations. */
export function readModels(db: Db) {
  return db.collection<ReadModelDocument>("read_models", {
    readConcern: { level: "majority" },
    writeConcern: { w: "majority" },
  });
}

/** One generation for ever, such as the one that a rebuild is making. */
export function onlyGeneration(generation: Generation): Generations {
  const serving = { ...generation, ended: new AbortController().signal };
  return { current: () => serving, fresh: () => Promise.resolve(serving), close: () => undefined };
}

/**
 * Follows the document in `read_models`, so that a rebuild in any process is served by all of them
 * within a second or two. It also drops generations that nobody has read for a while.
 */
export function followGenerations(db: Db, projection: Projection): Generations {
  let ending = new AbortController();
  let serving: Serving = { suffix: "", codeVersion: 0, ended: ending.signal };
  let lookedAt = 0;

  async function look(): Promise<Serving> {
    const asked = Date.now();
    const document = await ensured(db, projection);
    const found = servedBy(projection, document.generations);
    if (found.suffix !== serving.suffix) {
      ending.abort();
      ending = new AbortController();
    }
    serving = { ...found, ended: ending.signal };
    lookedAt = asked;
    if (document.retired.length > 0) await dropRetired(db, projection);
    return serving;
  }

  // While MongoDB is away nothing can be read anyway, and whoever reads says so.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_INTERVAL_MS);
  timer.unref();
  return {
    current: () => serving,
    fresh: async () => (Date.now() - lookedAt < LOOK_AGE_MAX_MS ? serving : look()),
    close: () => clearInterval(timer),
  };
}

/** The newest generation that code of this version can read; each version writes rows its way. */
function servedBy(projection: Projection, generations: readonly Generation[]): Generation {
  const readable = generations.filter(({ codeVersion }) => codeVersion <= projection.codeVersion);
  const newest = readable.toSorted((left, right) => right.codeVersion - left.codeVersion)[0];
  return newest ?? { suffix: "", codeVersion: projection.codeVersion };
}

/** The document of a projection; made at the first start, for the collections of that start. */
export async function ensured(db: Db, projection: Projection): Promise<ReadModelDocument> {
  const found = await readModels(db).findOne({ _id: projection.name });
  if (found !== null) return found;
  // Rows without a document were written before there were generations, by code of version 1.
  const isOld = (await db.collection(projection.name).findOne({})) !== null;
  const first = { suffix: "", codeVersion: isOld ? 1 : projection.codeVersion };
  const made = await readModels(db).findOneAndUpdate(
    { _id: projection.name },
    { $setOnInsert: { generations: [first], retired: [] } },
    { upsert: true, returnDocument: "after" },
  );
  return made ?? { _id: projection.name, generations: [first], retired: [] };
}

/** Drops what was retired longer ago than the grace, by the server's clock. */
export async function dropRetired(db: Db, projection: Projection): Promise<void> {
  const isOver = { $lte: ["$$this.since", { $subtract: ["$$NOW", GRACE_MS] }] };
  const [overdue] = await readModels(db)
    .aggregate<Pick<ReadModelDocument, "retired">>([
      { $match: { _id: projection.name } },
      { $project: { retired: { $filter: { input: "$retired", cond: isOver } } } },
    ])
    .toArray();
  for (const { suffix } of overdue?.retired ?? []) {
    await dropGeneration(db, projection, suffix);
    await readModels(db).updateOne({ _id: projection.name }, { $pull: { retired: { suffix } } });
  }
}

/** Drops the collections of a generation, its checkpoint and its dead letters. */
export async function dropGeneration(
  db: Db,
  projection: Projection,
  suffix: string,
): Promise<void> {
  for (const name of namesOf(projection, suffix)) await db.collection(name).drop();
  await db.collection<{ _id: string }>("checkpoints").deleteOne({ _id: projection.name + suffix });
  const generation = suffix === "" ? null : suffix;
  await db.collection("dead_letters").deleteMany({ projection: projection.name, generation });
}
