import { beforeAll, describe, expect, it } from "vitest";
import type { SandboxProvider } from "../../payments/index.ts";
import { make } from "./sandbox-calls.ts";
import { approved, declined, entry, eur, sandboxRig } from "./sandbox-rig.ts";
import type { SandboxRig } from "./sandbox-rig.ts";

let rig: SandboxRig;
let provider: SandboxProvider;
let payments = 0;

beforeAll(async () => {
  rig = await sandboxRig();
  provider = rig.provider;
});

/** The key of a payment of 10.00 EUR that went as far as it is said. */
async function payment(...reached: ("authorised" | "captured" | "voided")[]): Promise<string> {
  payments += 1;
  const key = `payment-${payments}`;
  const amount = eur(1000);
  if (reached.includes("authorised"))
    expect(await provider.authorise({ key, amount, token: "tok_approved" })).toEqual(approved);
  if (reached.includes("captured"))
    expect(await provider.capture({ key, amount })).toEqual(approved);
  if (reached.includes("voided")) expect(await provider.void({ key })).toEqual(approved);
  return key;
}

const refundOf = (paymentKey: string, minor: number, key = `${paymentKey}/${minor}`) =>
  provider.refund({ key, paymentKey, amount: eur(minor) });

describe("a capture", () => {
  it("takes a part and sets the rest free", async () => {
    const key = await payment("authorised");
    expect(await provider.capture({ key, amount: eur(400) })).toEqual(approved);
    expect(await provider.ledger.of(key)).toEqual(entry(key, { authorised: 1000, captured: 400 }));
    expect(await refundOf(key, 401)).toEqual(declined("AMOUNT_EXCEEDS_CAPTURED"));
  });

  it("of more than was authorised is declined for ever, and the money can be let go", async () => {
    const key = await payment("authorised");
    const tooMuch = { key, amount: eur(1001) };
    expect(await provider.capture(tooMuch)).toEqual(declined("AMOUNT_EXCEEDS_AUTHORISED"));
    expect(await provider.capture(tooMuch)).toEqual(declined("AMOUNT_EXCEEDS_AUTHORISED"));
    expect(await provider.void({ key })).toEqual(approved);
    expect(await provider.ledger.of(key)).toEqual(entry(key, { authorised: 1000, voided: 1000 }));
  });

  it("in another currency is declined", async () => {
    const key = await payment("authorised");
    const inYen = { key, amount: { minor: 1000, currency: "JPY" } };
    expect(await provider.capture(inYen)).toEqual(declined("CURRENCY_MISMATCH"));
  });

  it("after a void is declined", async () => {
    const key = await payment("authorised", "voided");
    expect(await provider.capture({ key, amount: eur(1000) })).toEqual(declined("VOIDED"));
    expect(await provider.ledger.of(key)).toEqual(entry(key, { authorised: 1000, voided: 1000 }));
  });

  it.each(["tok_declined", "tok_requires_action"])("with %s is declined", async (token) => {
    const key = await payment();
    await provider.authorise({ key, amount: eur(1000), token });
    expect(await provider.capture({ key, amount: eur(1) })).toEqual(declined("NOT_AUTHORISED"));
  });

  it("of an authorisation that has lapsed is declined", async () => {
    const shortLived = await rig.open({ authorisationTtlMs: 60_000 });
    const [early, late] = [await payment("authorised"), await payment("authorised")];
    rig.clock.move(59_999);
    expect(await shortLived.capture({ key: early, amount: eur(1000) })).toEqual(approved);
    rig.clock.move(1);
    const outcome = await shortLived.capture({ key: late, amount: eur(1000) });
    expect(outcome).toEqual(declined("AUTHORISATION_EXPIRED"));
  });

  it("of a payment that nobody has heard of is unknown, which is no decline", async () => {
    const key = await payment();
    const unknown = { outcome: "UNKNOWN", reason: "PAYMENT_NOT_FOUND" };
    expect(await provider.capture({ key, amount: eur(1000) })).toEqual(unknown);
    expect(await refundOf(key, 1)).toEqual(unknown);
    expect(await provider.ledger.of(key)).toBeNull();
    await provider.authorise({ key, amount: eur(1000), token: "tok_approved" });
    expect(await provider.capture({ key, amount: eur(1000) })).toEqual(approved);
  });
});

describe("a void", () => {
  it("after a capture is declined and moves no money", async () => {
    const key = await payment("authorised", "captured");
    expect(await provider.void({ key })).toEqual(declined("ALREADY_CAPTURED"));
    expect(await provider.void({ key })).toEqual(declined("ALREADY_CAPTURED"));
    expect(await provider.ledger.of(key)).toEqual(entry(key, { authorised: 1000, captured: 1000 }));
    expect(await refundOf(key, 1000)).toEqual(approved);
  });

  it("of a declined payment is approved, because nothing is held", async () => {
    const key = await payment();
    await provider.authorise({ key, amount: eur(1000), token: "tok_declined" });
    expect(await provider.void({ key })).toEqual(approved);
    expect(await provider.ledger.of(key)).toEqual(entry(key, {}));
  });

  it("that overtakes its authorisation keeps it from ever holding money", async () => {
    const key = await payment("voided");
    expect(await provider.ledger.of(key)).toBeNull();
    const request = { key, amount: eur(1000), token: "tok_approved" };
    expect(await provider.authorise(request)).toEqual(declined("VOIDED"));
    expect(await provider.authorise(request)).toEqual(declined("VOIDED"));
    expect(await provider.void({ key })).toEqual(approved);
    expect(await provider.capture({ key, amount: eur(1000) })).toEqual(declined("VOIDED"));
    expect(await provider.ledger.of(key)).toEqual(entry(key, {}));
  });
});

describe("a refund", () => {
  it("is repeated in parts until nothing is left", async () => {
    const key = await payment("authorised", "captured");
    expect(await refundOf(key, 600)).toEqual(approved);
    expect(await refundOf(key, 401)).toEqual(declined("AMOUNT_EXCEEDS_CAPTURED"));
    expect(await refundOf(key, 400)).toEqual(approved);
    expect(await refundOf(key, 1)).toEqual(declined("AMOUNT_EXCEEDS_CAPTURED"));
    const columns = { authorised: 1000, captured: 1000, refunded: 1000 };
    expect(await provider.ledger.of(key)).toEqual(entry(key, columns));
  });

  it("that was declined stays so, and leaves the money to others", async () => {
    const key = await payment("authorised", "captured");
    expect(await refundOf(key, 1001, `${key}/a`)).toEqual(declined("AMOUNT_EXCEEDS_CAPTURED"));
    expect(await refundOf(key, 1000, `${key}/b`)).toEqual(approved);
    expect(await refundOf(key, 1001, `${key}/a`)).toEqual(declined("AMOUNT_EXCEEDS_CAPTURED"));
  });

  it("in another currency, or before the capture, is declined", async () => {
    const captured = await payment("authorised", "captured");
    const amount = { minor: 1, currency: "BHD" };
    const inDinar = { key: `${captured}/dinar`, paymentKey: captured, amount };
    expect(await provider.refund(inDinar)).toEqual(declined("CURRENCY_MISMATCH"));
    expect(await refundOf(await payment("authorised"), 1)).toEqual(declined("NOT_CAPTURED"));
    expect(await refundOf(await payment("authorised", "voided"), 1)).toEqual(
      declined("NOT_CAPTURED"),
    );
  });

  it("is declined once a payment has had a thousand of them", async () => {
    const key = await payment("authorised", "captured");
    const filled = Array.from({ length: 1000 }, (_, index) => ({
      key: `${key}/filled/${index}`,
      outcome: "DECLINED",
      reason: "REFUND_DECLINED",
      amount: eur(1),
      at: rig.clock.now(),
      knownFrom: rig.clock.now(),
    }));
    const stored = rig.db.collection<{ _id: string }>("sandbox_payments");
    await stored.updateOne({ _id: key }, { $set: { refunds: filled } });
    expect(await refundOf(key, 1)).toEqual(declined("TOO_MANY_REFUNDS"));
    expect(await refundOf(key, 1, `${key}/filled/7`)).toEqual(declined("REFUND_DECLINED"));
  });
});

describe("a key", () => {
  const reused = { code: "KEY_REUSED" };

  it("with another amount, currency or token is refused and keeps its outcome", async () => {
    const key = await payment("authorised");
    const same = { key, amount: eur(1000), token: "tok_approved" };
    const others = [
      { ...same, amount: eur(999) },
      { ...same, amount: { minor: 1000, currency: "USD" } },
      { ...same, token: "tok_declined" },
    ];
    for (const other of others)
      await expect(provider.authorise(other)).rejects.toMatchObject(reused);
    expect(await provider.authorise(same)).toEqual(approved);
    await provider.capture({ key, amount: eur(500) });
    await expect(provider.capture({ key, amount: eur(501) })).rejects.toMatchObject(reused);
    expect(await provider.capture({ key, amount: eur(500) })).toEqual(approved);
    await refundOf(key, 100, `${key}/refund`);
    await expect(refundOf(key, 101, `${key}/refund`)).rejects.toMatchObject(reused);
    expect(await refundOf(key, 100, `${key}/refund`)).toEqual(approved);
    const columns = { authorised: 1000, captured: 500, refunded: 100 };
    expect(await provider.ledger.of(key)).toEqual(entry(key, columns));
  });

  it("of one payment's refund is refused for another's, also in a race", async () => {
    const keys = [
      await payment("authorised", "captured"),
      await payment("authorised", "captured"),
      await payment("authorised", "captured"),
    ];
    const shared = `${keys.join()}/shared`;
    const outcomes = await Promise.allSettled(keys.map((key) => refundOf(key, 1000, shared)));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toEqual([
      { status: "rejected", reason: expect.objectContaining(reused) },
      { status: "rejected", reason: expect.objectContaining(reused) },
    ]);
    const entries = await Promise.all(keys.map((key) => provider.ledger.of(key)));
    expect(entries.reduce((sum, one) => sum + (one?.refunded ?? 0), 0)).toBe(1000);
  });
});

describe("a request that no payment can look like", () => {
  const amounts = [0, -1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1", null, {}];
  const keys = ["", "k".repeat(201), null, undefined, 1, { $ne: null }, ["a"]];
  const currencies = ["", "eur", "EURO", "EU", null, { $gt: "" }];

  it("is refused, whatever is wrong with it", async () => {
    const request = { key: "fine", paymentKey: "fine", amount: eur(1), token: "tok_approved" };
    const bad: object[] = [
      ...keys.map((key) => ({ ...request, key })),
      ...amounts.map((minor) => ({ ...request, amount: { minor, currency: "EUR" } })),
      ...currencies.map((currency) => ({ ...request, amount: { minor: 1, currency } })),
    ];
    for (const one of bad) {
      for (const call of ["authorise", "capture", "refund"] as const) {
        await expect(make(provider, [call, one])).rejects.toMatchObject({
          code: "REQUEST_INVALID",
        });
      }
    }
    for (const key of keys as string[]) {
      await expect(provider.void({ key })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
      await expect(provider.confirmAction(key)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    }
    expect(await provider.ledger.of("fine")).toBeNull();
  });
});

describe("amounts at the edge of the exact numbers", () => {
  it("are kept to the unit, and a sum beyond is refused rather than rounded", async () => {
    const fresh = await sandboxRig();
    const amount = { minor: Number.MAX_SAFE_INTEGER, currency: "JPY" };
    await fresh.provider.authorise({ key: "most", amount, token: "tok_approved" });
    await fresh.provider.capture({ key: "most", amount });
    const all = { key: "most/refund", paymentKey: "most", amount };
    expect(await fresh.provider.refund(all)).toEqual(approved);
    const one = { key: "most/1", paymentKey: "most", amount: { minor: 1, currency: "JPY" } };
    expect(await fresh.provider.refund(one)).toEqual(declined("AMOUNT_EXCEEDS_CAPTURED"));
    const sum = { authorised: amount.minor, captured: amount.minor, refunded: amount.minor };
    const none = { currency: "JPY", held: 0, voided: 0 };
    expect(await fresh.provider.ledger.sums()).toEqual([{ ...none, ...sum }]);
    const more = { key: "more", amount: one.amount, token: "tok_approved" };
    await fresh.provider.authorise(more);
    await expect(fresh.provider.ledger.sums()).rejects.toThrow(RangeError);
  });
});
