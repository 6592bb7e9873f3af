import { setImmediate as turn } from "node:timers/promises";
import type { Db } from "mongodb";
import type { Commit, EventStore, MongoTail, Position, TailBatch } from "../../log/index.ts";
import { createTail, lastVersion } from "../../log/index.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import { chainOf, nth, silent, soon } from "./store-rig.ts";

/** A tail that ends with the test. */
export function tailOf(db: Db, options: { windowEventsMax?: number } = {}): MongoTail {
  const tail = createTail(db, { logger: silent, ...options });
  disposeLater(() => tail.close());
  return tail;
}

/** A reader that keeps all it got, and reads no further while it is held. */
export interface TestReader {
  readonly batches: TailBatch[];
  readonly commits: Commit[];
  readonly positions: Position[];
  hold(): void;
  letGo(): void;
  /** Waits until every one of these commits has come. */
  has(expected: readonly Commit[]): Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts to read at once. */
export function readerOf(tail: MongoTail, from: Position | null): TestReader {
  const stopping = new AbortController();
  let gate: Promise<void> = Promise.resolve();
  let open = (): void => undefined;
  const batches: TailBatch[] = [];
  const commits: Commit[] = [];
  const positions: Position[] = [];
  const ids = new Set<string>();
  const run = async () => {
    for await (const batch of tail.read(from, { signal: stopping.signal })) {
      batches.push(batch);
      for (const { commit, position } of batch.commits) {
        commits.push(commit);
        positions.push(position);
        ids.add(commit.id);
      }
      await gate;
    }
  };
  const running = run();
  const reader: TestReader = {
    batches,
    commits,
    positions,
    hold() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    letGo: () => open(),
    has: (expected) =>
      eventually(() => expected.every(({ id }) => ids.has(id)), {
        description: `all ${expected.length} commits have come`,
      }),
    async stop() {
      stopping.abort();
      open();
      await running;
    },
  };
  disposeLater(reader.stop);
  return reader;
}

/** Whether each entity's versions came in order; with `once` also none of them twice. */
export function isInOrder(commits: readonly Commit[], { once }: { once: boolean }): boolean {
  const seen = new Map<string, number>();
  return commits.every((commit) => {
    const version = seen.get(commit.stream) ?? 0;
    if (commit.version <= version) return !once;
    seen.set(commit.stream, lastVersion(commit));
    return commit.version === version + 1;
  });
}

/** Writers that race, each with entities of its own, by single commits and by chains. */
export async function writeRacing(
  store: EventStore,
  { writers, entities, length }: { writers: number; entities: number; length: number },
): Promise<Commit[]> {
  const written = Array.from({ length: writers * entities }, () => chainOf(length));
  await Promise.all(
    written.map(async (chain, index) => {
      if (index % 4 === 0) return store.appendChain(chain, soon());
      for (const commit of chain) {
        const { kind } = await store.append(commit, soon());
        if (kind !== "landed") throw new Error(`a commit is ${kind}`);
        await turn();
      }
      return undefined;
    }),
  );
  return written.flat();
}

/** One commit on an entity of its own, landed. */
export async function writeOne(store: EventStore): Promise<Commit> {
  const commit = nth(chainOf(1), 0);
  const { kind } = await store.append(commit, soon());
  if (kind !== "landed") throw new Error(`a commit is ${kind}`);
  return commit;
}
