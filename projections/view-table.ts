import { LRUCache } from "lru-cache";
import { UUID, type Collection, type Db, type Document } from "mongodb";
import { toMarkedView, type Projection, type ViewDocument } from "./document.ts";
import type { Poison } from "./fold-commits.ts";
import { onlyGeneration, type Generation, type Generations } from "./generations.ts";
import { writeFacts, type Step } from "./facts.ts";
import { createNotices, type Notices } from "./notices.ts";
import { markDays } from "./day-marks.ts";
import type { MarkedView } from "./view.ts";
import { writeViews, type WriteWay } from "./view-writer.ts";

/** Views kept in memory, so that an entity's next event needs no read. */
const VIEWS_CACHED_MAX = 10_000;

type ViewsById = Map<string, MarkedView>;

/** One read collection as its projector and its readers see it, whichever generation serves. */
export interface ViewTable {
  readonly generations: Generations;
  readonly notices: Notices;
  /** Where to read now. Ask anew for each read; throws what the driver throws. */
  collection(): Promise<Collection<ViewDocument>>;
  /** The same with the other collections of that generation, by name. */
  collections(): Promise<Collections>;
  /** The newest view that this process knows to be in the collection. */
  known(stream: string): MarkedView | undefined;
  /** Its version; 0 = unknown. */
  knownVersion(stream: string): number;
  prepare(): Promise<void>;
  /** The views of entities, from memory where possible; of those that are new, from memory only. */
  load(streams: Iterable<string>, isNew: (stream: string) => boolean): Promise<ViewsById>;
  /** Writes, then tells who waits; answers with the views that no row can hold. */
  land(views: readonly MarkedView[], more?: Landing): Promise<Poison[]>;
}

/** The collections of one generation. */
export interface Collections {
  readonly rows: Collection<ViewDocument>;
  readonly beside: <Row extends Document = Document>(name: string) => Collection<Row>;
}

/** How views are written, and what together with them. */
export interface Landing {
  readonly way?: WriteWay;
  /** The events on the way to them, in order. */
  readonly steps?: readonly Step[];
  /** Days on which something happened to them. */
  readonly days?: Iterable<string>;
}

/** The collection of one generation, and what this process knows to be in it. */
interface Place {
  readonly suffix: string;
  readonly collection: Collection<ViewDocument>;
  /** Only what is written: after a failed write the same commits come again and must count. */
  readonly written: LRUCache<string, MarkedView>;
}

function remember({ written }: Place, view: MarkedView): void {
  if ((written.peek(view.id)?.version ?? 0) < view.version) written.set(view.id, view);
}

/** The views that are remembered, and the ids of those that must be read. */
function fromMemory(
  { written }: Place,
  streams: Iterable<string>,
  isNew: (stream: string) => boolean,
): { readonly found: ViewsById; readonly unknown: readonly UUID[] } {
  const found: ViewsById = new Map();
  const unknown: UUID[] = [];
  for (const stream of streams) {
    const view = written.get(stream);
    if (view !== undefined) found.set(stream, view);
    else if (!isNew(stream)) unknown.push(new UUID(stream));
  }
  return { found, unknown };
}

/** The read collection of a projection, with a bounded memory of what is written. */
export function createViewTable(
  db: Db,
  projection: Projection,
  generations: Generations = onlyGeneration({ suffix: "", codeVersion: projection.codeVersion }),
): ViewTable {
  const notices = createNotices();
  const placeOf = ({ suffix }: Generation): Place => ({
    suffix,
    collection: db.collection<ViewDocument>(projection.name + suffix),
    written: new LRUCache({ max: VIEWS_CACHED_MAX }),
  });
  let last = placeOf(generations.current());
  /** Taken once by whatever needs it more than once: the generation may change at any await. */
  const here = (): Place => {
    const serving = generations.current();
    if (serving.suffix !== last.suffix) last = placeOf(serving);
    return last;
  };
  return {
    generations,
    notices,
    async collection() {
      await generations.fresh();
      return here().collection;
    },
    async collections() {
      await generations.fresh();
      const { collection: rows, suffix } = here();
      return { rows, beside: (name) => db.collection(name + suffix) };
    },
    known: (stream) => here().written.get(stream),
    knownVersion: (stream) => here().written.get(stream)?.version ?? 0,
    async prepare() {
      const { collection, suffix } = here();
      await createIndexes(collection, projection.indexes);
      for (const { name, indexes } of projection.facts ?? []) {
        await createIndexes(db.collection(name + suffix), indexes);
      }
    },
    async load(streams, isNew) {
      const place = here();
      const { found, unknown } = fromMemory(place, streams, isNew);
      if (unknown.length === 0) return found;
      for await (const row of place.collection.find({ _id: { $in: [...unknown] } })) {
        const view = toMarkedView(row);
        if (view === null) continue;
        found.set(view.id, view);
        remember(place, view);
      }
      return found;
    },
    async land(views, { way = "guarded", steps = [], days = [] } = {}) {
      const place = here();
      const { facts = [], days: figures } = projection;
      for (const { name, documentsOf } of facts) {
        const rows = db.collection(name + place.suffix);
        await writeFacts(rows, steps.flatMap(documentsOf), way === "replacing");
      }
      const refused = await writeViews(place.collection, { projection, views, way });
      if (figures !== undefined) await markDays(db.collection(figures + place.suffix), days);
      const streams = new Set(refused.map((poison) => poison.stream));
      for (const view of views) {
        if (streams.has(view.id)) continue;
        remember(place, view);
        notices.tell(view.id, view.version);
      }
      return refused;
    },
  };
}

async function createIndexes<Row extends Document>(
  collection: Collection<Row>,
  indexes: Projection["indexes"],
): Promise<void> {
  await collection.createIndexes(indexes.map((key) => ({ key: { ...key } })));
}
