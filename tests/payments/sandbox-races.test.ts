import { beforeEach, describe, expect, it } from "vitest";
import type { PaymentOutcome, SandboxProvider } from "../../payments/index.ts";
import { approved, declined, entry, eur, sandboxRig, timedOut } from "./sandbox-rig.ts";
import type { SandboxRig } from "./sandbox-rig.ts";

const AT_ONCE = 20;

let rig: SandboxRig;
let processes: SandboxProvider[];

beforeEach(async () => {
  rig = await sandboxRig();
  processes = [rig.provider, await rig.open(), await rig.open()];
});

/** The call made twenty times at once, by three processes. */
function atOnce<T>(call: (provider: SandboxProvider, index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => {
      const provider = processes[index % processes.length] ?? rig.provider;
      return call(provider, index);
    }),
  );
}

const key = "raced";
const amount = eur(1000);
const refundOf = (provider: SandboxProvider, name: string) =>
  provider.refund({ key: name, paymentKey: key, amount: eur(300) });

async function revisions(): Promise<unknown> {
  const stored = rig.db.collection<{ _id: string; revision: number }>("sandbox_payments");
  return (await stored.findOne({ _id: key }))?.revision;
}

describe("of twenty repeats at once one decides, and all are told the same", () => {
  it("for every step", async () => {
    const everyone = Array<PaymentOutcome | object>(AT_ONCE).fill(approved);
    const token = "tok_approved";
    expect(await atOnce((provider) => provider.authorise({ key, amount, token }))).toEqual(
      everyone,
    );
    expect(await revisions()).toBe(1);
    expect(await atOnce((provider) => provider.capture({ key, amount }))).toEqual(everyone);
    expect(await revisions()).toBe(2);
    expect(await atOnce((provider) => refundOf(provider, "refund"))).toEqual(everyone);
    expect(await revisions()).toBe(3);
    const all = Array(AT_ONCE).fill(declined("ALREADY_CAPTURED"));
    expect(await atOnce((provider) => provider.void({ key }))).toEqual(all);
    const columns = { authorised: 1000, captured: 1000, refunded: 300 };
    expect(await rig.provider.ledger.of(key)).toEqual(entry(key, columns));
  });

  it("for a void", async () => {
    await rig.provider.authorise({ key, amount, token: "tok_approved" });
    const everyone = Array<PaymentOutcome | object>(AT_ONCE).fill(approved);
    expect(await atOnce((provider) => provider.void({ key }))).toEqual(everyone);
    expect(await revisions()).toBe(2);
  });

  it("and where the answer is lost, only the one that decided is not told", async () => {
    const token = "tok_times_out_but_succeeds";
    const outcomes = await atOnce((provider) => provider.authorise({ key, amount, token }));
    expect(outcomes.filter(({ outcome }) => outcome === "APPROVED")).toHaveLength(AT_ONCE - 1);
    expect(outcomes).toContainEqual(timedOut);
  });
});

describe("calls that contradict each other at once", () => {
  it("with two amounts: one amount stands and the other is refused", async () => {
    const token = "tok_approved";
    const outcomes = await atOnce((provider, index) =>
      provider
        .authorise({ key, amount: eur(1000 + (index % 2)), token })
        .catch((error: unknown) => (error as { code?: string }).code),
    );
    expect(outcomes.filter((one) => one === "KEY_REUSED")).toHaveLength(AT_ONCE / 2);
    expect(await revisions()).toBe(1);
  });

  it("capture and void: exactly one is approved", async () => {
    const token = "tok_approved";
    for (let round = 0; round < 10; round += 1) {
      const one = `${key}-${round}`;
      await rig.provider.authorise({ key: one, amount, token });
      const [captured, voided] = await Promise.all([
        processes[1]?.capture({ key: one, amount }),
        processes[2]?.void({ key: one }),
      ]);
      const outcomes = [captured?.outcome, voided?.outcome].sort();
      expect(outcomes).toEqual(["APPROVED", "DECLINED"]);
      expect(await rig.provider.ledger.of(one)).toMatchObject({ held: 0 });
    }
  });

  it("refunds of more than was captured: as many as there is money for", async () => {
    await rig.provider.authorise({ key, amount, token: "tok_approved" });
    await rig.provider.capture({ key, amount });
    const outcomes = await atOnce((provider, index) => refundOf(provider, `refund-${index}`));
    expect(outcomes.filter(({ outcome }) => outcome === "APPROVED")).toHaveLength(3);
    const others = outcomes.filter(({ outcome }) => outcome !== "APPROVED");
    expect(new Set(others.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(declined("AMOUNT_EXCEEDS_CAPTURED"))]),
    );
    expect(await rig.provider.ledger.of(key)).toMatchObject({ refunded: 900 });
  });

  it("authorise and void: never any money held", async () => {
    const outcomes = await atOnce((provider, index) =>
      index % 2 === 0
        ? provider.authorise({ key, amount, token: "tok_approved" })
        : provider.void({ key }),
    );
    const voids = outcomes.filter((_, index) => index % 2 === 1);
    expect(voids).toEqual(Array(AT_ONCE / 2).fill(approved));
    expect(await rig.provider.ledger.of(key)).toMatchObject({ held: 0, captured: 0 });
  });
});
