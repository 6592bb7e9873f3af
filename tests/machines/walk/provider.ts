/**
 * A payment provider as bad as they come: it decides once per key and never again, but may answer
 * late, not at all or twice, and a request may reach it long after its sender gave up.
 */
import type { ProviderReaction } from "../../../machines/index.ts";
import type { Random } from "./random.ts";

type Call = ProviderReaction["request"];

export interface Outcome {
  readonly outcome: "APPROVED" | "DECLINED" | "ACTION_REQUIRED" | "UNKNOWN";
}

/** What the provider holds and took for one attempt, in minor units. */
interface Account {
  amount: number;
  status: "action" | "approved" | "declined" | "voided";
  wasApproved: boolean;
  capture: { amount: number; isApproved: boolean } | null;
  readonly refunds: Map<string, { amount: number; isApproved: boolean }>;
}

export interface Provider {
  /** One call; may tell nothing although it was heard. */
  call(request: Call): Outcome;
  /** A request that was on its way arrives, if there is one. */
  deliverLate(): void;
  /** People confirm or turn down what waits for them. */
  actOn(percentApproved: number): void;
  /** What is decided under a key by now, as a webhook would tell it. */
  decided(request: Call): Outcome | null;
  /** From now on every call is heard and answered. */
  behave(): void;
  readonly accounts: ReadonlyMap<string, Account>;
}

type Accounts = Map<string, Account>;

/** How a call that is heard is judged: each key once, and never against what was said before. */
function decide(
  accounts: Accounts,
  { call, key, attemptId, amount }: Call,
  { isApproved, isActing }: { isApproved: boolean; isActing: boolean },
): void {
  const { minor } = amount;
  const account = accounts.get(attemptId);
  if (call === "authorise") {
    if (account !== undefined) {
      same(account.amount, minor);
      return;
    }
    const unlucky = isActing ? "action" : "declined";
    const status = isApproved ? "approved" : unlucky;
    const begun = { amount: minor, status, wasApproved: isApproved, capture: null } as const;
    accounts.set(key, { ...begun, refunds: new Map() });
    return;
  }
  if (account === undefined) throw new Error(`${call} of an attempt that never was`);
  if (call === "capture") capture(account, minor, isApproved);
  else if (call === "refund") refund(account, { key, minor, isApproved });
  else if (account.capture?.isApproved === true) throw new Error("void after capture");
  else if (account.status !== "declined") account.status = "voided";
}

function capture(account: Account, minor: number, isApproved: boolean): void {
  if (account.capture !== null) {
    same(account.capture.amount, minor);
    return;
  }
  if (account.status !== "approved") throw new Error(`capture while ${account.status}`);
  if (minor > account.amount) throw new Error("captures more than authorised");
  account.capture = { amount: minor, isApproved };
}

function refund(
  account: Account,
  { key, minor, isApproved }: { key: string; minor: number; isApproved: boolean },
): void {
  const known = account.refunds.get(key);
  if (known !== undefined) {
    same(known.amount, minor);
    return;
  }
  if (account.capture?.isApproved !== true) throw new Error("refund without capture");
  account.refunds.set(key, { amount: minor, isApproved });
  if (refundedOf(account) > account.capture.amount) throw new Error("refunds too much");
}

function decidedOf(
  accounts: ReadonlyMap<string, Account>,
  { call, key, attemptId }: Call,
): Outcome | null {
  const account = accounts.get(attemptId);
  if (account === undefined) return null;
  if (call === "authorise") return { outcome: authorisation(account) };
  if (call === "void") {
    const isOver = account.status === "voided" || account.status === "declined";
    return isOver ? { outcome: "APPROVED" } : null;
  }
  const made = call === "capture" ? account.capture : account.refunds.get(key);
  if (made === null || made === undefined) return null;
  return { outcome: made.isApproved ? "APPROVED" : "DECLINED" };
}

export function createProvider(random: Random, approvedPercent: number): Provider {
  const accounts: Accounts = new Map();
  const late: Call[] = [];
  let isReliable = false;
  const hear = (request: Call): void => {
    const isApproved = isReliable || random.chance(approvedPercent);
    decide(accounts, request, { isApproved, isActing: random.chance(50) });
  };
  return {
    accounts,
    decided: (request) => decidedOf(accounts, request),
    call(request) {
      const fate = isReliable ? 0 : random.below(100);
      if (fate >= 90) late.push(request);
      if (fate >= 80) return { outcome: "UNKNOWN" };
      hear(request);
      const decided = fate >= 70 ? null : decidedOf(accounts, request);
      return decided ?? { outcome: "UNKNOWN" };
    },
    deliverLate() {
      const request = late.shift();
      if (request !== undefined) hear(request);
    },
    actOn(percentApproved) {
      for (const account of accounts.values()) {
        if (account.status !== "action") continue;
        account.wasApproved = random.chance(percentApproved);
        account.status = account.wasApproved ? "approved" : "declined";
      }
    },
    behave() {
      isReliable = true;
      for (const request of late.splice(0)) hear(request);
    },
  };
}

function authorisation({ status, wasApproved }: Account): Outcome["outcome"] {
  // A void changes nothing about what was decided under the key before.
  if (wasApproved) return "APPROVED";
  return status === "action" ? "ACTION_REQUIRED" : "DECLINED";
}

function same(known: number, asked: number): void {
  if (known !== asked) throw new Error(`one key, two amounts: ${known} and ${asked}`);
}

/** What went back for an attempt. */
export function refundedOf({ refunds }: Account): number {
  return [...refunds.values()].reduce((sum, one) => sum + (one.isApproved ? one.amount : 0), 0);
}

/** What is still held for an attempt and not taken. */
export function heldOf({ status, capture, amount }: Account): number {
  return status === "approved" && capture?.isApproved !== true ? amount : 0;
}
