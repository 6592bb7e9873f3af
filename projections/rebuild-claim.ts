import { randomUUID } from "node:crypto";
import type { Db, Document } from "mongodb";
import { z } from "zod";
import type { Projection } from "./document.ts";
import { ProjectionError } from "./errors.ts";
import {
  dropGeneration,
  dropRetired,
  ensured,
  readModels,
  type Generation,
} from "./generations.ts";
import { reservedNames } from "./reserved-names.ts";

/** A rebuild that is silent for this long is dead, and another one may take its place. */
const CLAIM_TTL_MS = 15_000;
/** How often it says that it is alive. */
export const CLAIM_RENEWAL_MS = 3_000;

const claimSchema = z.object({
  id: z.string(),
  by: z.string(),
  suffix: z.string(),
  startedAt: z.date(),
  expiresAt: z.date(),
});

/** The right of one process to rebuild a projection. Each method throws `REBUILD_LOST` without. */
export interface RebuildClaim {
  /** The generation to fill; nobody else ever has the same. */
  readonly generation: Generation;
  renew(): Promise<void>;
  /** Makes everybody serve the new generation, and gives the right back. */
  serve(): Promise<void>;
  /** Gives the right back and drops what was built, unless it serves already; never throws. */
  giveUp(): Promise<void>;
}

/**
 * Takes the right to rebuild and drops what dead rebuilds have left. Throws `REBUILD_RUNNING`,
 * which says who is at it, while another process has the right.
 */
export async function claimRebuild(
  db: Db,
  projection: Projection,
  by: string,
): Promise<RebuildClaim> {
  await ensured(db, projection);
  const id = randomUUID();
  const reserved = await reservedNames(db).take();
  const suffix = reserved ?? `_r${Date.now().toString(36)}${id.slice(0, 4)}`;
  const isFree = { $lte: [{ $ifNull: ["$rebuild.expiresAt", new Date(0)] }, "$$NOW"] };
  const before = await readModels(db).findOneAndUpdate(
    { _id: projection.name, $expr: isFree },
    [{ $set: { rebuild: { id, by: { $literal: by }, suffix, startedAt: "$$NOW", ...alive } } }],
    { returnDocument: "before" },
  );
  if (before === null) {
    if (reserved !== null) await reservedNames(db).giveBack(reserved);
    throw await running(db, projection);
  }
  const dead = claimSchema.safeParse(before.rebuild);
  if (dead.success) await dropGeneration(db, projection, dead.data.suffix);
  await dropRetired(db, projection);
  await sweep(db, projection, suffix);
  const generation = { suffix, codeVersion: projection.codeVersion };
  const mine = { _id: projection.name, "rebuild.id": id };

  async function change(update: Document): Promise<void> {
    const { matchedCount } = await readModels(db).updateOne(mine, [update]);
    if (matchedCount > 0) return;
    const message = `Another process has taken over the rebuild of ${projection.name}`;
    throw new ProjectionError("REBUILD_LOST", message);
  }

  return {
    generation,
    renew: () => change({ $set: { "rebuild.expiresAt": alive.expiresAt } }),
    serve: () => change(serving(before.generations, generation)),
    giveUp: () => giveUp(db, { projection, suffix, id }).catch(() => undefined),
  };
}

const alive = { expiresAt: { $add: ["$$NOW", CLAIM_TTL_MS] } };

/**
 * Puts the generation in the place of the one of the same code. That of older code stays for
 * processes that still run it, until this code's is replaced in its turn. Only the holder of the
 * claim changes the list, so it may be told from how it was.
 */
function serving(before: readonly Generation[], generation: Generation): Document {
  const isReplaced = before.some(({ codeVersion }) => codeVersion === generation.codeVersion);
  const retired = before.filter(({ codeVersion }) =>
    isReplaced ? codeVersion <= generation.codeVersion : false,
  );
  const kept = before.filter((one) => !retired.includes(one));
  const added = retired.map(({ suffix }) => ({ suffix, since: "$$NOW" }));
  return {
    $set: {
      generations: [...kept, generation],
      retired: { $concatArrays: ["$retired", added] },
      rebuild: null,
    },
  };
}

/**
 * The id is changed first: from then on a switch whose answer never came cannot happen any more,
 * and if it has happened the id is gone and nothing is dropped.
 */
async function giveUp(
  db: Db,
  { projection, suffix, id }: { projection: Projection; suffix: string; id: string },
): Promise<void> {
  const { name: _id } = projection;
  const ended = `${id} has given up`;
  const fence = { $set: { "rebuild.id": ended } };
  const { matchedCount } = await readModels(db).updateOne({ _id, "rebuild.id": id }, fence);
  if (matchedCount === 0) return;
  try {
    await dropGeneration(db, projection, suffix);
  } finally {
    // What could not be dropped is swept by the next rebuild, which need not wait for that.
    await readModels(db).updateOne({ _id, "rebuild.id": ended }, { $set: { rebuild: null } });
  }
}

/** Drops what belongs to no generation: a rebuild that had lost its claim may have written on. */
async function sweep(db: Db, projection: Projection, own: string): Promise<void> {
  const { name } = projection;
  const document = await ensured(db, projection);
  const known = [...document.generations, ...document.retired].map(({ suffix }) => suffix);
  const pattern = new RegExp(`^${name}_r[0-9a-z]+$`);
  const found = await db.listCollections({ name: pattern }, { nameOnly: true }).toArray();
  for (const { name: leftover } of found) {
    const suffix = leftover.slice(name.length);
    if (suffix !== own && !known.includes(suffix)) await dropGeneration(db, projection, suffix);
  }
}

async function running(db: Db, { name }: Projection): Promise<ProjectionError> {
  const document = await readModels(db).findOne({ _id: name });
  const claim = claimSchema.safeParse(document?.rebuild).data;
  const since = claim === undefined ? "" : ` by ${claim.by} since ${claim.startedAt.toISOString()}`;
  const message =
    `${name} is being rebuilt${since}. If that process is dead, ` +
    `try again in ${String(CLAIM_TTL_MS / 1_000)} seconds.`;
  return new ProjectionError("REBUILD_RUNNING", message);
}
