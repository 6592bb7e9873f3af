import { BSON } from "mongodb";
import type { Db } from "mongodb";
import { createCheckpoints, createStreamScan, createTail, type Commit } from "../../log/index.ts";
import { aggregates } from "../../machines/index.ts";
import { toDocument, type Projection } from "../../projections/document.ts";
import { evolveMarked, placedEvents } from "../../projections/evolve.ts";
import type { ReadModelDocument } from "../../projections/generations.ts";
import { rebuild, type RebuildOptions, type RebuildProgress } from "../../projections/rebuild.ts";
import type { Runner } from "../../projections/runner.ts";
import type { MarkedView } from "../../projections/view.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import {
  createHistory,
  itemAdded,
  orderCancelled,
  orderCreated,
  priceChanged,
  productCreated,
  published,
  stockAdjusted,
} from "./history.ts";
import { logger, rowBytes, type Rig } from "./rig.ts";

/** Histories of many entities, interleaved by chance; the same for the same seed. */
export function randomLoad(entities: number, commits: number, seed = 1): readonly Commit[] {
  const history = createHistory();
  let state = seed;
  const below = (max: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * max);
  };
  const begun = new Set<string>();
  const ended = new Set<string>();
  for (let step = 0; step < commits; step += 1) {
    const name = String(below(entities));
    const isOrder = below(2) === 0;
    const key = `${String(isOrder)}/${name}`;
    if (ended.has(key)) continue;
    if (isOrder) {
      if (!begun.has(key)) history.order(name, orderCreated(name));
      else if (below(20) === 0) {
        history.order(name, orderCancelled);
        ended.add(key);
      } else history.order(name, itemAdded(`TEA-${String(step)}`, 1 + below(5)));
      // An order takes a bounded number of lines.
      if (step % 90 === 89) ended.add(key);
    } else if (!begun.has(key)) history.product(name, productCreated(name), published);
    else if (below(2) === 0) history.product(name, priceChanged(100 + below(900)));
    else history.product(name, stockAdjusted(1 + below(9)), stockAdjusted(1));
    begun.add(key);
  }
  return history.commits;
}

/** The rows that the events add up to, as bytes by id, without any of the runner's code. */
function foldedBytes(projection: Projection, commits: readonly Commit[]): Map<string, string> {
  const views = new Map<string, MarkedView>();
  for (const commit of commits) {
    if (commit.aggregate !== projection.aggregate) continue;
    for (const placed of placedEvents(commit)) {
      const before = views.get(placed.stream) ?? null;
      views.set(placed.stream, evolveMarked(aggregates[commit.aggregate], before, placed));
    }
  }
  const ids = [...views.keys()].sort();
  return new Map(
    ids.flatMap((id) => {
      const view = views.get(id);
      const bytes = view && BSON.serialize(toDocument(projection, view));
      return bytes === undefined ? [] : [[id, Buffer.from(bytes).toString("hex")]];
    }),
  );
}

/** The suffix of the generation that serves code of a version. */
export async function servedSuffix(db: Db, { name, codeVersion }: Projection): Promise<string> {
  const document = await db.collection<ReadModelDocument>("read_models").findOne({ _id: name });
  const found = document?.generations.find((one) => one.codeVersion === codeVersion);
  if (found === undefined) throw new Error(`nothing serves ${name} ${String(codeVersion)}`);
  return found.suffix;
}

/** Resolves once the rows that serve are the fold of the commits, byte for byte. */
export async function isLevel(
  db: Db,
  projection: Projection,
  commits: readonly Commit[],
): Promise<void> {
  const expected = foldedBytes(projection, commits);
  await eventually(
    async () => {
      const rows = await rowBytes(db, projection.name + (await servedSuffix(db, projection)));
      return rows.size === expected.size && [...expected].every(([id, b]) => rows.get(id) === b);
    },
    { description: `${projection.name} are level with the log`, timeoutMs: 60_000 },
  );
}

/** A projector with a tail of its own, as another process would have it. */
export function startProjector(rig: Rig, projection: Projection): Runner {
  const tail = createTail(rig.db, { logger });
  disposeLater(() => tail.close());
  return rig.run(projection, tail);
}

/** A rebuild as `npm run rebuild` does it. */
export async function runRebuild(
  rig: Rig,
  projection: Projection,
  changes: Partial<RebuildOptions> = {},
): Promise<RebuildProgress> {
  const { db, store } = rig;
  const tail = createTail(db, { logger });
  try {
    return await rebuild({
      db,
      store,
      projection,
      tail,
      scan: createStreamScan(db, logger),
      checkpoints: createCheckpoints(db),
      logger,
      by: "a test",
      handoverMs: 0,
      ...changes,
    });
  } finally {
    await tail.close();
  }
}
