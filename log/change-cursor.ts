import type { ClientSession, Db, Document } from "mongodb";
import { Long, Timestamp } from "mongodb";
import type { Logger } from "pino";
import type { CommitDocument } from "./commit-document.ts";
import { LogError } from "./log-error.ts";
import { EVENTS_COLLECTION } from "./prepare-log.ts";
import { readableCommit } from "./readable-commit.ts";
import type { Position, TailBatch, TailedCommit } from "./tail.ts";
import { untilAborted } from "./until-aborted.ts";

/** Commits of one batch; also what a reader holds in its hands at most. */
export const BATCH_COMMITS_MAX = 500;
/** How long the server waits for a commit before it answers with nothing but a newer position. */
const AWAIT_MAX_MS = 1_000;
/** The first answer says at once whether the stream is at its end. */
const AWAIT_FIRST_MS = 1;
/** How far a token may be ahead of this server's clock: clocks of members differ a little. */
const TOKEN_AHEAD_MAX_SECONDS = 60;

/** One change stream of this process, read batch by batch; dies with its connection. */
export interface ChangeCursor {
  /** The newest position known. */
  position(): Position;
  /** Answers as soon as there is a commit, else after a second, without any. */
  next(): Promise<TailBatch>;
  close(): Promise<void>;
}

interface Reply {
  readonly id: Long | number;
  readonly firstBatch?: readonly Change[];
  readonly nextBatch?: readonly Change[];
  readonly postBatchResumeToken: { readonly _data: string };
}

interface Change {
  readonly _id: { readonly _data: string };
  readonly fullDocument: CommitDocument;
}

/**
 * Opens a change stream after a position (null: from now on). By raw commands, because only they
 * give the exact token without a document (`batchSize: 0`) and leave resuming to one supervisor,
 * where the driver's own change stream would resume in its way. Throws what the driver throws.
 */
export async function openChangeCursor(
  db: Db,
  from: Position | null,
  logger: Logger,
): Promise<ChangeCursor> {
  const session = db.client.startSession({ causalConsistency: false });
  const token = from?.token ?? null;
  const resume = token === null ? {} : { resumeAfter: { _data: token } };
  const pipeline = [
    { $changeStream: resume },
    { $match: { operationType: "insert" } },
    { $project: { fullDocument: 1 } },
  ];
  try {
    const open = { aggregate: EVENTS_COLLECTION, pipeline, cursor: { batchSize: 0 } };
    const document = await db.command(open, { session });
    const opened = { reply: replyOf(document), time: from?.time ?? 0, logger };
    const cursor = changeCursor(db, session, opened);
    if (!isAhead(token, document)) return cursor;
    await cursor.close();
  } catch (error) {
    await session.endSession();
    throw error;
  }
  throw new LogError("POSITION_UNKNOWN", "The resume token is of a later time than the database");
}

function changeCursor(
  db: Db,
  session: ClientSession,
  opened: { readonly reply: Reply; readonly time: number; readonly logger: Logger },
): ChangeCursor {
  // getMore insists on an int64, and the driver reads small ones as numbers.
  const id = Long.isLong(opened.reply.id) ? opened.reply.id : Long.fromNumber(opened.reply.id);
  const more = { getMore: id, collection: EVENTS_COLLECTION, batchSize: BATCH_COMMITS_MAX };
  let position: Position = { token: opened.reply.postBatchResumeToken._data, time: opened.time };

  let awaitMs = AWAIT_FIRST_MS;
  let underWay: Promise<Document> = Promise.resolve({});
  let closed: Promise<void> | null = null;
  const closing = new AbortController();

  async function closeCursor(): Promise<void> {
    closing.abort(new Error("The change stream is closed"));
    void underWay.catch(() => undefined).finally(() => session.endSession());
    await db.command({ killCursors: EVENTS_COLLECTION, cursors: [id] }).catch(() => undefined);
  }

  return {
    position: () => position,
    async next() {
      underWay = db.command({ ...more, maxTimeMS: awaitMs }, { session });
      awaitMs = AWAIT_MAX_MS;
      // killCursors interrupts a waiting getMore only when its wait is over, so it is left alone.
      const reply = replyOf(await untilAborted(underWay, closing.signal));
      const changes = reply.nextBatch ?? [];
      const commits = tailed(changes, position.time, opened.logger);
      const time = commits.at(-1)?.position.time ?? position.time;
      position = { token: reply.postBatchResumeToken._data, time };
      if (Number(reply.id) === 0 && changes.length === 0) {
        throw new Error("The change stream has ended: the collection was dropped or renamed");
      }
      return { commits, position, isCaughtUp: changes.length < BATCH_COMMITS_MAX };
    },
    close() {
      closed ??= closeCursor();
      return closed;
    },
  };
}

function tailed(changes: readonly Change[], since: number, logger: Logger): TailedCommit[] {
  let time = since;
  return changes.flatMap(({ _id, fullDocument }) => {
    const commit = readableCommit(fullDocument, logger);
    if (commit === null) return [];
    time = Math.max(time, fullDocument.ts.t * 1_000);
    return [{ commit, position: { token: _id._data, time } }];
  });
}

/**
 * The server waits in silence for a token of the future (a restored database, a clock set back). A
 * token begins with the byte 0x82 and its time in seconds, big-endian.
 */
function isAhead(token: string | null, { operationTime }: Document): boolean {
  if (token === null || !(operationTime instanceof Timestamp)) return false;
  const seconds = Number.parseInt(token.slice(2, 10), 16);
  return seconds > operationTime.t + TOKEN_AHEAD_MAX_SECONDS;
}

function replyOf(document: Document): Reply {
  return document["cursor"] as Reply;
}
