import type { Db } from "mongodb";
import { pino } from "pino";
import { createSandboxProvider } from "../../payments/index.ts";
import type { Clock, LedgerEntry, SandboxOptions, SandboxProvider } from "../../payments/index.ts";
import { testDatabase } from "../support/servers.ts";

export const silent = pino({ level: "silent" });

/** A clock that stands still until somebody waits for it or moves it. */
interface TestClock extends Clock {
  move(durationMs: number): void;
}

function testClock(): TestClock {
  let now = Date.parse("2026-11-23T12:00:00.000Z");
  return {
    now: () => new Date(now),
    wait: (durationMs) => {
      now += durationMs;
      return Promise.resolve();
    },
    move: (durationMs) => (now += durationMs),
  };
}

/** A sandbox on a database of its own, with a clock that is moved. */
export interface SandboxRig {
  readonly db: Db;
  readonly clock: TestClock;
  readonly provider: SandboxProvider;
  /** Another process on the same payments. */
  readonly open: (options?: Partial<SandboxOptions>) => Promise<SandboxProvider>;
}

export async function sandboxRig(options: Partial<SandboxOptions> = {}): Promise<SandboxRig> {
  const { db } = await testDatabase();
  const clock = testClock();
  // The net under a call is real time: a busy machine must not reach it.
  const base = { logger: silent, clock, callTimeoutMs: 30_000, slowMs: 100_000, ...options };
  const open = (more: Partial<SandboxOptions> = {}) =>
    createSandboxProvider(db, { ...base, ...more });
  return { db, clock, provider: await open(), open };
}

export const eur = (minor: number) => ({ minor, currency: "EUR" });

export const approved = { outcome: "APPROVED" };
export const timedOut = { outcome: "UNKNOWN", reason: "TIMED_OUT" };
export const declined = (reason: string) => ({ outcome: "DECLINED", reason });

/** A ledger entry in euros, nothing but the columns given. */
export function entry(key: string, columns: Partial<LedgerEntry>): LedgerEntry {
  const none = { authorised: 0, voided: 0, captured: 0, refunded: 0, held: 0 };
  return { key, currency: "EUR", ...none, ...columns };
}
