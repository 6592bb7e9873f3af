import { setTimeout as pause } from "node:timers/promises";
import type { Db } from "mongodb";
import type { Logger } from "pino";
import type { Checkpoints, EventStore, StreamScan, Tail, Timers } from "../log/index.ts";
import { createDeadLetters } from "./dead-letters.ts";
import type { Projection } from "./document.ts";
import { followGenerations, onlyGeneration } from "./generations.ts";
import { project, projectAnew, type Desk } from "./project.ts";
import { CLAIM_RENEWAL_MS, claimRebuild, type RebuildClaim } from "./rebuild-claim.ts";
import { createRunner } from "./runner.ts";
import { createViewTable } from "./view-table.ts";

/** How often it is looked whether the new rows have caught up with the log. */
const LOOK_INTERVAL_MS = 50;
/** How long the new rows are kept level after the switch, until every process does it itself. */
const HANDOVER_MS = 3_000;

export interface RebuildOptions {
  readonly db: Db;
  readonly store: EventStore;
  readonly scan: StreamScan;
  readonly tail: Tail;
  readonly checkpoints: Checkpoints;
  readonly timers?: Timers;
  readonly logger: Logger;
  readonly projection: Projection;
  /** Who does it, as another one is told who tries the same meanwhile. */
  readonly by: string;
  /** Called after each page. */
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Gives up and leaves everything as it was. */
  readonly signal?: AbortSignal;
  /** 3 s unless given. */
  readonly handoverMs?: number;
}

/** How far a rebuild has come. `share` is a part of 1, told from where in the ids it is. */
export interface RebuildProgress {
  readonly phase: "folding" | "catching up" | "serving";
  readonly entities: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly share: number;
}

/**
 * Builds a projection anew beside the one that serves: folds entity after entity, inserts each
 * once, catches up with what has happened meanwhile, and lets every process serve the new rows.
 * Whatever ends it before that, the old rows go on serving. Throws `REBUILD_RUNNING`,
 * `REBUILD_LOST`, the signal's reason, or what the driver throws.
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildProgress> {
  const claim = await claimRebuild(options.db, options.projection, options.by);
  const lost = new AbortController();
  const ends = [lost.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const renewal = setInterval(() => void claim.renew().catch(endsIt), CLAIM_RENEWAL_MS);
  const signal = AbortSignal.any(ends);

  /** While MongoDB is away the claim may run out; only an answer says that it is lost. */
  function endsIt(error: unknown): void {
    if ((error as { code?: unknown } | null)?.code === "REBUILD_LOST") lost.abort(error);
  }

  try {
    return await build({ ...options, signal }, claim);
  } catch (error) {
    await claim.giveUp();
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

async function build(
  options: RebuildOptions & { readonly signal: AbortSignal },
  claim: RebuildClaim,
): Promise<RebuildProgress> {
  const { scan, checkpoints, projection, signal, onProgress } = options;
  const generations = onlyGeneration(claim.generation);
  const from = await scan.start();
  const folded = await fold(deskOf(options, generations), options);
  const name = projection.name + claim.generation.suffix;
  await checkpoints.save(name, from);
  const runner = createRunner({ ...options, generations });
  try {
    onProgress?.({ ...folded, phase: "catching up" });
    while (!runner.status().isCaughtUp) await pause(LOOK_INTERVAL_MS, undefined, { signal });
    signal.throwIfAborted();
    await claim.serve();
    const served = { ...folded, phase: "serving" } as const;
    onProgress?.(served);
    await pause(options.handoverMs ?? HANDOVER_MS);
    return served;
  } finally {
    await runner.close();
  }
}

function deskOf(options: RebuildOptions, generations: ReturnType<typeof onlyGeneration>): Desk {
  const { db, projection } = options;
  const table = createViewTable(db, projection, generations);
  const letters = createDeadLetters(db, projection.name, generations.current().suffix);
  return { ...options, table, letters };
}

/** Folds all that the log holds, page by page, into rows that nobody reads yet. */
async function fold(
  desk: Desk,
  options: RebuildOptions & { readonly signal: AbortSignal },
): Promise<RebuildProgress> {
  const { scan, projection, signal, onProgress } = options;
  await desk.table.prepare();
  await desk.timers?.prepare();
  await desk.letters.load();
  const startedAt = performance.now();
  let [entities, events] = [0, 0];
  let last = "";
  let progress: RebuildProgress = { ...nothing, share: 1 };
  for await (const commits of scan.streams(projection.aggregate, signal)) {
    await project(desk, commits, "inserting");
    signal.throwIfAborted();
    for (const { stream, events: some } of commits) {
      if (stream !== last) entities += 1;
      last = stream;
      events += some.length;
    }
    const eventsPerSecond = Math.round((events * 1_000) / (performance.now() - startedAt));
    // Ids are spread evenly over their space, so the first digits tell how much of it is behind.
    const share = Number.parseInt(last.slice(0, 6), 16) / 0xffffff;
    progress = { phase: "folding", entities, events, eventsPerSecond, share };
    onProgress?.(progress);
  }
  signal.throwIfAborted();
  return { ...progress, share: 1 };
}

const nothing = { phase: "folding", entities: 0, events: 0, eventsPerSecond: 0, share: 0 } as const;

/**
 * Folds one entity anew into the rows that serve, beside whatever else goes on. False when the log
 * has no such entity of that kind or its events cannot be folded; its row stays as it is then.
 */
export async function rebuildEntity(
  options: Omit<RebuildOptions, "by" | "scan" | "tail" | "checkpoints">,
  stream: string,
): Promise<boolean> {
  const { db, projection } = options;
  const generations = followGenerations(db, projection);
  try {
    const { suffix } = await generations.fresh();
    const table = createViewTable(db, projection, generations);
    const letters = createDeadLetters(db, projection.name, suffix);
    return await projectAnew({ ...options, table, letters }, stream);
  } finally {
    generations.close();
  }
}
