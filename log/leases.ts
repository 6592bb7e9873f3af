import { randomUUID } from "node:crypto";
import type { Collection, Db } from "mongodb";
import { Long } from "mongodb";
import type { Logger } from "pino";
import { backOff } from "./backoff.ts";
import { isDuplicateKey } from "./mongo-errors.ts";

/** A holder tries to renew this often before its lease runs out. */
const RENEWALS_PER_TTL = 3;

interface LeaseDocument {
  _id: string;
  node: string;
  /** One attempt to hold; two attempts of one node are two holders. */
  holder: string;
  epoch: Long | number;
  expiresAt: Date;
}

export interface HoldOptions {
  readonly ttlMs: number;
  /** Stops competing, and ends the work of a holder through its `lost`. */
  readonly signal: AbortSignal;
  /**
   * Runs while the lease is held; `epoch` grows with every holder. Must end soon after `lost`
   * aborts. When it returns or throws, the lease is given back and competed for again.
   */
  readonly onHeld: (epoch: number, lost: AbortSignal) => Promise<void>;
}

/**
 * Leases by documents, timed by the server's clock. A lease is an optimisation: a stopped process
 * wakes up believing that it holds one, so whatever must not happen twice needs its own fence.
 */
export interface Leases {
  /** Holds the lease whenever it can get it, until the signal aborts; never throws. */
  hold(name: string, options: HoldOptions): Promise<void>;
}

/** Leases of this node in the collection `leases`. */
export function createLeases(
  db: Db,
  { node, logger }: { readonly node: string; readonly logger: Logger },
): Leases {
  const leases = db.collection<LeaseDocument>("leases");
  return {
    async hold(name, options) {
      const { ttlMs, signal } = options;
      const holder = randomUUID();
      for (let attempt = 0; !signal.aborted;) {
        const asked = performance.now();
        try {
          const epoch = await take(leases, { name, node, holder, ttlMs });
          attempt = 0;
          if (epoch === null) {
            await pause(ttlMs / RENEWALS_PER_TTL, signal);
          } else {
            await whileHeld({ ...options, leases, name, holder, logger }, epoch, asked);
            await pause(ttlMs / RENEWALS_PER_TTL, signal);
          }
        } catch (error) {
          if (attempt === 0) logger.warn({ err: error, lease: name }, "a lease waits for MongoDB");
          await backOff(attempt, signal);
          attempt += 1;
        }
      }
    },
  };
}

interface Held extends HoldOptions {
  readonly leases: Collection<LeaseDocument>;
  readonly name: string;
  readonly holder: string;
  readonly logger: Logger;
}

/** Runs the holder's work and renews beside it; `asked` is when the lease was asked for. */
async function whileHeld(held: Held, epoch: number, asked: number): Promise<void> {
  const { signal, onHeld, logger, name } = held;
  const ended = new AbortController();
  const lost = AbortSignal.any([signal, ended.signal]);
  void renewUntilLost(held, ended, asked);
  try {
    await onHeld(epoch, lost);
  } catch (error) {
    if (!lost.aborted) logger.error({ err: error, lease: name }, "a lease holder's work failed");
  } finally {
    // A renewal still under way meets the released lease, which has run out, and changes nothing.
    ended.abort();
    await release(held);
  }
}

/** Aborts `ended` no later than the lease runs out, counted from before each renewal was asked. */
async function renewUntilLost(
  { leases, name, holder, ttlMs, signal, logger }: Held,
  ended: AbortController,
  asked: number,
): Promise<void> {
  const stop = AbortSignal.any([signal, ended.signal]);
  const expire = () => ended.abort();
  let expiry = setTimeout(expire, asked + ttlMs - performance.now());
  const isStopped = () => stop.aborted;
  while (!isStopped()) {
    await pause(ttlMs / RENEWALS_PER_TTL, stop);
    if (isStopped()) break;
    const askedNow = performance.now();
    try {
      const { matchedCount } = await leases.updateOne(
        { _id: name, holder, $expr: { $gt: ["$expiresAt", "$$NOW"] } },
        [{ $set: { expiresAt: { $add: ["$$NOW", ttlMs] } } }],
        {},
      );
      if (matchedCount === 0) expire();
      clearTimeout(expiry);
      expiry = setTimeout(expire, askedNow + ttlMs - performance.now());
    } catch (error) {
      logger.warn({ err: error, lease: name }, "a lease could not be renewed");
    }
  }
  clearTimeout(expiry);
}

/** Takes the lease if it is free or has expired: its new epoch, or null. */
async function take(
  leases: Collection<LeaseDocument>,
  { name, node, holder, ttlMs }: { name: string; node: string; holder: string; ttlMs: number },
): Promise<number | null> {
  const mine = {
    _id: name,
    node: { $literal: node },
    holder,
    epoch: { $add: [{ $ifNull: ["$epoch", Long.ZERO] }, Long.ONE] },
    expiresAt: { $add: ["$$NOW", ttlMs] },
  };
  const isFree = { $lte: [{ $ifNull: ["$expiresAt", new Date(0)] }, "$$NOW"] };
  try {
    // $expr is not allowed in the filter of an upsert, so the condition is in the update.
    const lease = await leases.findOneAndUpdate(
      { _id: name },
      [{ $replaceWith: { $cond: [isFree, mine, "$$ROOT"] } }],
      { upsert: true, returnDocument: "after" },
    );
    return lease?.holder === holder ? Number(lease.epoch) : null;
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** Lets the next holder in at once; if it fails, the lease runs out by itself. */
async function release({ leases, name, holder }: Held): Promise<void> {
  await leases
    .updateOne({ _id: name, holder }, { $set: { expiresAt: new Date(0) } })
    .catch(() => undefined);
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, durationMs * (0.75 + Math.random() / 4));
    if (signal.aborted) done();
    signal.addEventListener("abort", done, { once: true });
  });
}
