import type { Db } from "mongodb";
import type { Logger } from "pino";
import { z } from "zod";
import type { Checkpoints, EventStore, Tail, TailBatch, Timers } from "../log/index.ts";
import { createDeadLetters, type DeadLetter } from "./dead-letters.ts";
import type { Projection } from "./document.ts";
import { followGenerations, type Generations, type Serving } from "./generations.ts";
import { project, projectAnew, type Desk } from "./project.ts";
import { createProgress, watchProgress, type ProgressStatus } from "./runner-progress.ts";
import { createSupervisor } from "./supervisor.ts";
import type { MarkedView } from "./view.ts";
import { createViewTable, type ViewTable } from "./view-table.ts";

const positionSchema = z.object({ token: z.string().nullable(), time: z.number() });

export interface RunnerOptions {
  readonly projection: Projection;
  readonly db: Db;
  readonly store: EventStore;
  readonly tail: Tail;
  readonly checkpoints: Checkpoints;
  /** Where the deadlines of the entities are kept; without it nobody keeps them. */
  readonly timers?: Timers;
  readonly logger: Logger;
  /** Which generation to keep level; the one that serves unless given. */
  readonly generations?: Generations;
  /** Told of every version that is folded, before it is written. */
  readonly onView?: (view: MarkedView) => void;
}

/** How a projector is doing. */
export interface ProjectorStatus extends ProgressStatus {
  readonly name: string;
  /** For how long (ms) commits may be missing from the rows; 0 = none is. */
  readonly lagMs: number;
  readonly parkedEntities: number;
  /** True while the rows are of older code than this process's: rebuild them. */
  readonly isOutdated: boolean;
  /** Why it is waiting to try again; null when it runs. */
  readonly failure: string | null;
}

/** One projector at work. */
export interface Runner {
  readonly table: ViewTable;
  status(): ProjectorStatus;
  deadLetters(): Promise<DeadLetter[]>;
  /** Folds a parked entity from its first event; true when it flows again. */
  retry(stream: string): Promise<boolean>;
  /** Passes over the event that parked an entity; true when the entity flows again. */
  skip(stream: string, by: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Keeps one read collection equal to the fold of the log, whatever goes down meanwhile. When a
 * rebuild has made another generation of it, the runner goes on with that one, from where it is.
 */
export function createRunner(options: RunnerOptions): Runner {
  const { projection, db, tail, checkpoints, logger } = options;
  const generations = options.generations ?? followGenerations(db, projection);
  const table = createViewTable(db, projection, generations);
  const progress = createProgress(checkpoints);
  const inTurn = createTurns();
  const deskFor = ({ suffix }: Serving): Desk => {
    return { ...options, table, letters: createDeadLetters(db, projection.name, suffix) };
  };
  let desk = deskFor(generations.current());
  const watch = watchProgress(db, progress, () => desk);

  async function take(batch: TailBatch, { suffix, ended }: Serving): Promise<void> {
    await project(
      desk,
      batch.commits.map((tailed) => tailed.commit),
    );
    // Some of it may have gone to the next generation, so this one has no say on how far it is.
    if (!ended.aborted) await progress.note(batch, projection.name + suffix);
  }

  const supervisor = createSupervisor({
    name: `projector ${projection.name}`,
    logger,
    async attempt(stopping, isWell) {
      const serving = await generations.fresh();
      const signal = AbortSignal.any([stopping, serving.ended]);
      desk = deskFor(serving);
      progress.startOver();
      tellIfOutdated(serving, options);
      await table.prepare();
      await options.timers?.prepare();
      await desk.letters.load();
      // What older code had to park may be readable by this one.
      for (const { stream } of await desk.letters.list()) {
        await inTurn(() => projectAnew(desk, stream));
      }
      const saved = positionSchema.safeParse(
        await checkpoints.load(projection.name + serving.suffix),
      );
      // Anything else than a position, nothing included: from the first commit on.
      for await (const batch of tail.read(saved.data ?? null, { signal })) {
        await inTurn(() => take(batch, serving));
        isWell();
      }
    },
  });

  return {
    table,
    status: () => ({
      name: projection.name,
      ...progress.status(),
      lagMs: watch.lagMs(),
      parkedEntities: desk.letters.count(),
      isOutdated: isOutdated(generations.current(), projection),
      failure: supervisor.failure(),
    }),
    deadLetters: () => desk.letters.list(),
    retry: (stream) => inTurn(() => projectAnew(desk, stream)),
    skip: (stream, by) => inTurn(() => skip(desk, stream, by)),
    async close() {
      watch.close();
      generations.close();
      await supervisor.stop();
    },
  };
}

async function skip(desk: Desk, stream: string, by: string): Promise<boolean> {
  const letter = (await desk.letters.list()).find((one) => one.stream === stream);
  // Where the history itself is broken there is no event to pass over.
  if (letter === undefined || letter.code.startsWith("HISTORY_")) return false;
  await desk.letters.skip(letter, by);
  return await projectAnew(desk, stream);
}

function isOutdated({ codeVersion }: Serving, projection: Projection): boolean {
  return codeVersion < projection.codeVersion;
}

function tellIfOutdated(serving: Serving, { projection, logger }: RunnerOptions): void {
  if (!isOutdated(serving, projection)) return;
  const { name } = projection;
  logger.warn({ projection: name }, `rows of older code are served: npm run rebuild -- ${name}`);
}

/** Runs pieces of work one after the other: no one folds onto a view that another replaces. */
function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
}
