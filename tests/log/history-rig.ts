import { randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import type { NatsConnection } from "nats";
import { GENESIS_HASH, partitionOf, sealCommit } from "../../log/index.ts";
import type { Commit, EventStore } from "../../log/index.ts";

/** Histories of a few entities that grow commit by commit, as actors would write them. */
export interface Histories {
  /** Appends commits of one to four events on entities in turn; resolves when all have landed. */
  grow(commits: number): Promise<void>;
}

const DEADLINE_MS = 30_000;

/** So many new entities in a store. */
export function createHistories(store: EventStore, entities: number): Histories {
  const heads: Head[] = Array.from({ length: entities }, () => ({
    stream: randomUUID(),
    version: 0,
    hash: GENESIS_HASH,
  }));
  let turn = 0;
  return {
    async grow(commits) {
      const numbers = Array.from({ length: commits }, () => turn++);
      const growOne = async (head: Head, index: number) => {
        for (const number of numbers) {
          if (number % entities !== index) continue;
          const commit = nextCommit(head, 1 + (number % 4));
          const result = await store.append(commit, Date.now() + DEADLINE_MS);
          if (result.kind !== "landed") throw new Error(`a commit is ${result.kind}`);
          head.version += commit.events.length;
          head.hash = commit.hash;
        }
      };
      await Promise.all(heads.map(growOne));
    },
  };
}

interface Head {
  readonly stream: string;
  version: number;
  hash: string;
}

function nextCommit(head: Readonly<Head>, size: number): Commit {
  return sealCommit(head.hash, {
    id: randomUUID(),
    stream: head.stream,
    aggregate: "order",
    version: head.version + 1,
    partition: partitionOf(head.stream),
    at: new Date().toISOString(),
    meta: {
      subject: "somebody",
      scope: "operator",
      command: "AddOrderItem",
      correlationId: randomUUID(),
      payloadHash: "00",
      node: "test",
      epoch: 1,
    },
    events: Array.from({ length: size }, (_, index) => ({
      type: "OrderItemAdded",
      schemaVersion: 1,
      data: { number: head.version + 1 + index, text: "x".repeat(200) },
    })),
  });
}

/** The event ids that MongoDB holds, sorted. */
export async function storedIds(db: Db): Promise<readonly string[]> {
  const documents = await db.collection("events").find().toArray();
  const ids = documents.flatMap((document) => {
    const stream = (document["s"] as { toUUID(): { toHexString(): string } })
      .toUUID()
      .toHexString();
    const first = Number(document["v"]);
    return Array.from(
      { length: Number(document["n"]) },
      (_, index) => `${stream}/${first + index}`,
    );
  });
  return ids.sort();
}

/** The event ids that the JetStream stream holds, in its order, read one batch after another. */
export async function publishedIds(nats: NatsConnection): Promise<readonly string[]> {
  const jetstream = nats.jetstream();
  const manager = await jetstream.jetstreamManager(false);
  const { state } = await manager.streams.info("EVT");
  const ids: string[] = [];
  if (state.messages === 0) return ids;
  const consumer = await jetstream.consumers.get("EVT");
  const messages = await consumer.fetch({ max_messages: state.messages, expires: 10_000 });
  for await (const message of messages) {
    ids.push(message.json<{ id: string }>().id);
    if (message.seq === state.last_seq) break;
  }
  return ids;
}

/** What is wrong with the stream's order: a version that does not follow the one before it. */
export function disorder(ids: readonly string[]): readonly string[] {
  const versions = new Map<string, number>();
  return ids.filter((id) => {
    const [stream = "", version = ""] = id.split("/");
    const last = versions.get(stream) ?? 0;
    versions.set(stream, Number(version));
    return Number(version) !== last + 1;
  });
}
