import { performance } from "node:perf_hooks";
import type { Identity } from "../auth/token.ts";
import { GatewayError } from "../errors.ts";
import { createBuckets } from "./buckets.ts";

/** How much one customer and one address may ask for; 0 is no limit. */
export interface TrafficLimits {
  readonly requestsPerCustomer: number;
  readonly costPerCustomer: number;
  readonly socketsPerCustomer: number;
  readonly requestsPerAddress: number;
  readonly costPerAddress: number;
  readonly socketsPerAddress: number;
}

/** No limit at all, as on a developer's machine. */
export const UNLIMITED: TrafficLimits = {
  requestsPerCustomer: 0,
  costPerCustomer: 0,
  socketsPerCustomer: 0,
  requestsPerAddress: 0,
  costPerAddress: 0,
  socketsPerAddress: 0,
};

/** Operators and services stand for many people, so they may do this much more than a customer. */
const STAFF_FACTOR = 100;

/** Who asks, and from where. */
interface Origin {
  readonly identity: Identity;
  readonly address: string;
}

/** How often something was refused since the start, by what had run out. */
export interface TrafficCounts {
  readonly requests: number;
  readonly cost: number;
  readonly sockets: number;
}

/** Counts what everybody asks for. Its errors are `RATE_LIMITED` and say when to come again. */
export interface Traffic {
  /** A request, before anything is known of it. Throws `RATE_LIMITED`. */
  request(address: string): void;
  /** An operation of a known cost. Throws `RATE_LIMITED`. */
  operation(origin: Origin, cost: number): void;
  /** A socket from an address: null when it has too many, else how to give its place back. */
  socketFrom(address: string): (() => void) | null;
  /** A socket of a subject, likewise. */
  socketOf(identity: Identity): (() => void) | null;
  refused(): TrafficCounts;
}

/** Makes the counters of one process; several processes each count for themselves. */
export function createTraffic(limits: TrafficLimits): Traffic {
  const buckets = createBuckets(() => performance.now());
  const sockets = new Map<string, number>();
  const refused = { requests: 0, cost: 0, sockets: 0 };

  const charge = (what: "requests" | "cost", name: string, [amount, perSecond]: Charge): void => {
    const waitMs = buckets.take(`${what} ${name}`, amount, perSecond);
    if (waitMs === 0) return;
    refused[what] += 1;
    const message = "Too much is asked for at once; come again a little later.";
    throw new GatewayError("RATE_LIMITED", message, { retryAfterMs: waitMs });
  };
  const enter = (name: string, max: number): (() => void) | null => {
    const open = sockets.get(name) ?? 0;
    if (max > 0 && open >= max) {
      refused.sockets += 1;
      return null;
    }
    sockets.set(name, open + 1);
    return () => {
      const left = (sockets.get(name) ?? 1) - 1;
      if (left > 0) sockets.set(name, left);
      else sockets.delete(name);
    };
  };

  return {
    request: (address) => charge("requests", address, [1, limits.requestsPerAddress]),
    operation({ identity, address }, cost) {
      const factor = factorOf(identity);
      const subject = subjectOf(identity);
      charge("requests", subject, [1, limits.requestsPerCustomer * factor]);
      charge("cost", subject, [cost, limits.costPerCustomer * factor]);
      charge("cost", address, [cost, limits.costPerAddress]);
    },
    socketFrom: (address) => enter(address, limits.socketsPerAddress),
    socketOf: (identity) =>
      enter(subjectOf(identity), limits.socketsPerCustomer * factorOf(identity)),
    refused: () => ({ ...refused }),
  };
}

type Charge = readonly [amount: number, perSecond: number];

function factorOf({ scope }: Identity): number {
  return scope === "customer" ? 1 : STAFF_FACTOR;
}

/** No address begins with a scope, so the two never share a bucket. */
function subjectOf({ scope, subject }: Identity): string {
  return `${scope} ${subject}`;
}
