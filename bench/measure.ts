import { cpus } from "node:os";
import { z } from "zod";

/** What one measurement of one round gave; a schema, since it also comes from client processes. */
export const figureSchema = z.object({
  perSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** CPU time of the measured process per operation; null where that says nothing. */
  cpuUs: z.number().nullable(),
  /** Share of all cores that was busy meanwhile, with everything else on the machine. */
  busy: z.number(),
});

export type Figure = z.infer<typeof figureSchema>;

interface Load {
  readonly inFlight: number;
  readonly durationMs: number;
  /** Operations that one call of `once` stands for; 1 when absent. */
  readonly each?: number;
  readonly signal: AbortSignal;
}

/** Calls `once` again and again, `inFlight` at a time, until the time is over; a throw ends all. */
export async function measure(
  load: Load,
  once: (index: number) => Promise<unknown>,
): Promise<Figure> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const coresBefore = coreTimes();
  const start = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - start < load.durationMs && !load.signal.aborted) {
      const sent = performance.now();
      await once(next++);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, work));
  load.signal.throwIfAborted();
  const seconds = (performance.now() - start) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const operations = latencies.length * (load.each ?? 1);
  return {
    perSecond: operations / seconds,
    ...quantilesOf(latencies),
    cpuUs: (cpu.user + cpu.system) / operations,
    busy: busyShare(coresBefore),
  };
}

/** The two latencies that a table shows. */
export function quantilesOf(latencies: readonly number[]): Pick<Figure, "p50Ms" | "p99Ms"> {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** The middle of several rounds' values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

interface CoreTimes {
  readonly busy: number;
  readonly all: number;
}

/** Busy and total time of all cores since the machine started. */
function coreTimes(): CoreTimes {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    busy += total - times.idle;
    all += total;
  }
  return { busy, all };
}

/** Share of the cores' time since `before` that was not idle. */
function busyShare(before: CoreTimes): number {
  const now = coreTimes();
  return (now.busy - before.busy) / Math.max(1, now.all - before.all);
}
