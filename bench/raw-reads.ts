import type { Db, Document } from "mongodb";
import { quantilesOf } from "./measure.ts";

/** Collections that are read whoever asks: which rows serve, how far readers are. */
const BACKGROUND = /\.(read_models|checkpoints|leases|timers|customer_keys|system\.profile)$/;
const NOT_OF_A_PLAN = ["lsid", "$db", "$clusterTime", "$readPreference", "txnNumber", "maxTimeMS"];

/** What the driver sent for a question, as MongoDB's profiler has seen it. */
export async function readsOf(db: Db, ask: () => Promise<unknown>): Promise<readonly Document[]> {
  await db.command({ profile: 0 });
  await db.collection("system.profile").drop();
  await db.command({ profile: 2 });
  await ask();
  await db.command({ profile: 0 });
  const seen = await db.collection("system.profile").find().sort({ ts: 1 }).toArray();
  return seen
    .filter(({ ns }) => !BACKGROUND.test(String(ns)))
    .map((entry) => (entry["command"] ?? {}) as Document)
    .filter((command) => "find" in command || "aggregate" in command)
    .filter((command) => !JSON.stringify(command).includes("$changeStream"))
    .map((command) =>
      Object.fromEntries(Object.entries(command).filter(([key]) => !NOT_OF_A_PLAN.includes(key))),
    );
}

/** How long the same reads take without us: by the driver alone, one after the other. */
export async function timeRaw(
  db: Db,
  reads: readonly Document[],
  { durationMs, timesMin }: { readonly durationMs: number; readonly timesMin: number },
): Promise<{ readonly p50Ms: number; readonly p99Ms: number }> {
  const latencies: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end || latencies.length < timesMin) {
    const sent = performance.now();
    for (const read of reads) await db.runCursorCommand(read).toArray();
    latencies.push(performance.now() - sent);
  }
  return quantilesOf(latencies);
}
