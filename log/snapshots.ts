import type { Binary, Db, Int32 } from "mongodb";
import { Long } from "mongodb";
import type { EntityState } from "../machines/index.ts";
import { toBinary } from "./commit-document.ts";
import { unavailable } from "./mongo-errors.ts";

interface SnapshotDocument {
  _id: Binary;
  version: Long | Int32 | number;
  machineHash: string;
  value: EntityState["value"];
  context: object;
  h: string;
  at: string;
  commit: Binary;
}

/** An entity's state at a commit boundary; only good for machines of the same hash. */
export interface Snapshot {
  readonly stream: string;
  readonly version: number;
  readonly machineHash: string;
  readonly state: EntityState;
  /** The hash of the last commit in it: what the next commit's chain goes on from. */
  readonly hash: string;
  /** Business time of the last commit. */
  readonly at: string;
  /** Command id of the last commit: who loads a snapshot checks that the store still holds it. */
  readonly commitId: string;
}

/** A disposable cache of folded histories. Both throw `STORE_UNAVAILABLE`, which may be ignored. */
export interface Snapshots {
  load(stream: string): Promise<Snapshot | null>;
  save(snapshot: Snapshot): Promise<void>;
}

/** Snapshots in the collection `snapshots`, which may be dropped at any time. */
export function createSnapshots(db: Db): Snapshots {
  const snapshots = db.collection<SnapshotDocument>("snapshots");
  return {
    async load(stream) {
      try {
        const found = await snapshots.findOne(
          { _id: toBinary(stream) },
          // A snapshot that rolls back must not have been used: it is newer than the history.
          { readConcern: { level: "majority" } },
        );
        if (found === null) return null;
        const { machineHash, value, context, h: hash, at } = found;
        const version = Number(found.version);
        const commitId = found.commit.toUUID().toHexString();
        return { stream, version, machineHash, state: { value, context }, hash, at, commitId };
      } catch (error) {
        throw unavailable(error);
      }
    },
    async save({ stream, version, machineHash, state, hash, at, commitId }) {
      const { value, context } = state;
      const document = {
        version: Long.fromNumber(version),
        machineHash,
        value,
        context,
        h: hash,
        at,
        commit: toBinary(commitId),
      };
      try {
        await snapshots.replaceOne({ _id: toBinary(stream) }, document, {
          upsert: true,
          ignoreUndefined: true,
          writeConcern: { w: 1 },
        });
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
