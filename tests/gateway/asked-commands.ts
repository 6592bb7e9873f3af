import type { CommandStartedEvent, Db, Document, MongoClient } from "mongodb";
import { stagesOf } from "../projections/plans.ts";

/** What one command of the driver cost when it was explained. */
export interface Explained {
  /** The collection, and the command itself for whoever reads a fault. */
  readonly command: Document;
  readonly stages: readonly string[];
  /** Keys and documents that were looked at. */
  readonly examined: number;
  readonly documents: number;
  /** Rows that were wanted: those returned, or those that went into the groups of a report. */
  readonly wanted: number;
}

/** What every command has, and none of its plan depends on. */
const PASSENGERS = ["lsid", "$db", "$clusterTime", "txnNumber", "readConcern", "maxTimeMS"];

/** The reads that the driver sends while `work` runs; not those that follow the log. */
export async function readsDuring(
  client: MongoClient,
  work: () => Promise<unknown>,
): Promise<Document[]> {
  const reads: Document[] = [];
  const hear = ({ commandName, command }: CommandStartedEvent): void => {
    if (!["find", "aggregate", "count", "distinct"].includes(commandName)) return;
    const isFollowing = JSON.stringify(command["pipeline"] ?? []).includes("$changeStream");
    // Whoever watches the log's end takes the last document as it lies.
    const sort = command["sort"] as ReadonlyMap<string, unknown> | undefined;
    const isAtEnd = sort instanceof Map && sort.has("$natural");
    if (!isFollowing && !isAtEnd) reads.push(plain(command));
  };
  client.on("commandStarted", hear);
  try {
    await work();
  } finally {
    client.off("commandStarted", hear);
  }
  return reads;
}

function plain(command: Document): Document {
  return Object.fromEntries(Object.entries(command).filter(([key]) => !PASSENGERS.includes(key)));
}

/** Runs a command once more and says what the server did for it. */
export async function explained(db: Db, command: Document): Promise<Explained> {
  const plan = await db.command({ explain: command, verbosity: "executionStats" });
  const planner = firstOf(plan, "queryPlanner");
  const figures = firstOf(plan, "executionStats") ?? {};
  const number = (key: string): number => Number(figures[key] ?? 0);
  return {
    command,
    stages: stagesOf(planner?.["winningPlan"]),
    examined: number("totalKeysExamined") + number("totalDocsExamined"),
    documents: number("totalDocsExamined"),
    wanted: await wantedOf(db, command, number("nReturned")),
  };
}

/** A group returns one row however many went into it: those are counted by its conditions. */
async function wantedOf(db: Db, command: Document, returned: number): Promise<number> {
  const stages = (command["pipeline"] ?? []) as readonly Document[];
  if (!stages.some((stage) => "$group" in stage)) return returned;
  const { $match = {} } = stages.find((stage) => "$match" in stage) ?? {};
  const limit = Number(stages.find((stage) => "$limit" in stage)?.["$limit"] ?? Infinity);
  const rows = db.collection(String(command["aggregate"]));
  return Math.min(limit, await rows.countDocuments($match as Document));
}

/** The first field of that name, wherever it is. */
function firstOf(value: unknown, name: string): Document | null {
  if (value === null || typeof value !== "object") return null;
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    const found = key === name ? (field as Document) : firstOf(field, name);
    if (found !== null) return found;
  }
  return null;
}
