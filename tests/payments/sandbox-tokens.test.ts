import { beforeAll, describe, expect, it } from "vitest";
import type { PaymentOutcome } from "../../payments/index.ts";
import { approved, declined, entry, eur, sandboxRig, timedOut } from "./sandbox-rig.ts";
import type { SandboxRig } from "./sandbox-rig.ts";

let rig: SandboxRig;
let payments = 0;

beforeAll(async () => {
  rig = await sandboxRig({ actionUrlOf: (key) => `https://pay.example/${key}` });
});

function newKey(): string {
  payments += 1;
  return `payment-${payments}`;
}

/** The token's calls for one payment of 19.99 EUR. */
function payment(token: string) {
  const { provider } = rig;
  const key = newKey();
  const amount = eur(1999);
  return {
    key,
    authorise: () => provider.authorise({ key, amount, token }),
    capture: () => provider.capture({ key, amount }),
    void: () => provider.void({ key }),
    refund: () => provider.refund({ key: `${key}/refund`, paymentKey: key, amount }),
    ledger: () => provider.ledger.of(key),
  };
}

const steps = ["authorise", "capture", "void", "refund"] as const;
type Step = (typeof steps)[number];

/** What comes before a step, so that the token is what decides it. */
const before: Readonly<Record<Step, readonly Step[]>> = {
  authorise: [],
  capture: ["authorise"],
  void: ["authorise"],
  refund: ["authorise", "capture"],
};
const reasons: Readonly<Record<Step, string>> = {
  authorise: "CARD_DECLINED",
  capture: "CAPTURE_DECLINED",
  void: "VOID_DECLINED",
  refund: "REFUND_DECLINED",
};
const columns: Readonly<Record<Step, object>> = {
  authorise: { authorised: 1999, held: 1999 },
  capture: { authorised: 1999, captured: 1999 },
  void: { authorised: 1999, voided: 1999 },
  refund: { authorised: 1999, captured: 1999, refunded: 1999 },
};
const unmoved: Readonly<Record<Step, object>> = {
  authorise: {},
  capture: columns.authorise,
  void: columns.authorise,
  refund: columns.capture,
};

describe.each(steps)("a token chooses what becomes of %s:", (step) => {
  const prefix = step === "authorise" ? "tok" : `tok_${step}`;

  async function reached(token: string) {
    const one = payment(token);
    for (const earlier of before[step]) expect(await one[earlier]()).toEqual(approved);
    return one;
  }

  async function expectLasting(
    one: ReturnType<typeof payment>,
    outcome: PaymentOutcome | object,
  ): Promise<void> {
    const after = outcome === approved ? columns[step] : unmoved[step];
    expect(await one[step]()).toEqual(outcome);
    expect(await one.ledger()).toEqual(entry(one.key, after));
    expect(await one[step]()).toEqual(outcome);
    expect(await one.ledger()).toEqual(entry(one.key, after));
  }

  it("approved is told at once and when repeated", async () => {
    await expectLasting(await reached(`${prefix}_approved`), approved);
    await expectLasting(await reached("tok_approved"), approved);
  });

  it("declined is told with its reason and moves no money", async () => {
    const one = await reached(`${prefix}_declined`);
    if (step !== "void") {
      await expectLasting(one, declined(reasons[step]));
      return;
    }
    expect(await one.void()).toEqual(declined(reasons.void));
    expect(await one.ledger()).toEqual(entry(one.key, unmoved.void));
    // An order goes on asking until the money is let go of.
    await expectLasting(one, approved);
  });

  it("slow is unknown for a while and approved then", async () => {
    const one = await reached(`${prefix}_slow`);
    expect(await one[step]()).toEqual(timedOut);
    expect(await one[step]()).toEqual(timedOut);
    rig.clock.move(100_000);
    await expectLasting(one, approved);
  });

  it("times out but succeeds: the repeat is told so", async () => {
    const one = await reached(`${prefix}_times_out_but_succeeds`);
    expect(await one[step]()).toEqual(timedOut);
    expect(await one.ledger()).toEqual(entry(one.key, columns[step]));
    await expectLasting(one, approved);
  });

  it("times out and fails: the repeat is told so", async () => {
    const one = await reached(`${prefix}_times_out_and_fails`);
    expect(await one[step]()).toEqual(timedOut);
    expect(await one.ledger()).toEqual(entry(one.key, unmoved[step]));
    await expectLasting(one, step === "void" ? approved : declined(reasons[step]));
  });
});

describe("a payment that requires an action", () => {
  const waiting = (key: string) => ({
    outcome: "ACTION_REQUIRED",
    actionUrl: `https://pay.example/${key}`,
  });

  it("holds nothing until the person confirms, and is approved from then on", async () => {
    const one = payment("tok_requires_action");
    expect(await one.authorise()).toEqual(waiting(one.key));
    expect(await one.authorise()).toEqual(waiting(one.key));
    expect(await one.ledger()).toEqual(entry(one.key, {}));
    expect(await rig.provider.confirmAction(one.key)).toEqual(approved);
    expect(await rig.provider.confirmAction(one.key)).toEqual(approved);
    expect(await rig.provider.declineAction(one.key)).toEqual(approved);
    expect(await one.authorise()).toEqual(approved);
    expect(await one.capture()).toEqual(approved);
    expect(await one.ledger()).toEqual(entry(one.key, columns.capture));
  });

  it("is declined when the person refuses", async () => {
    const one = payment("tok_requires_action");
    await one.authorise();
    expect(await rig.provider.declineAction(one.key)).toEqual(declined("ACTION_DECLINED"));
    expect(await rig.provider.confirmAction(one.key)).toEqual(declined("ACTION_DECLINED"));
    expect(await one.authorise()).toEqual(declined("ACTION_DECLINED"));
  });

  it("cannot be confirmed any more once it is voided", async () => {
    const one = payment("tok_requires_action");
    await one.authorise();
    expect(await one.void()).toEqual(approved);
    expect(await rig.provider.confirmAction(one.key)).toEqual(declined("VOIDED"));
    expect(await one.authorise()).toEqual(declined("VOIDED"));
    expect(await one.ledger()).toEqual(entry(one.key, {}));
  });

  it("is confirmed or voided by a race of both, and never left holding money", async () => {
    for (let round = 0; round < 10; round += 1) {
      const one = payment("tok_requires_action");
      await one.authorise();
      const [confirmed, voided] = await Promise.all([
        rig.provider.confirmAction(one.key),
        one.void(),
      ]);
      expect(voided).toEqual(approved);
      expect([approved, declined("VOIDED")]).toContainEqual(confirmed);
      expect(await one.ledger()).toMatchObject({ held: 0, captured: 0 });
    }
  });

  it("is asked for by one who knows no payment of this key", async () => {
    const unknown = { outcome: "UNKNOWN", reason: "PAYMENT_NOT_FOUND" };
    expect(await rig.provider.confirmAction("nobody's")).toEqual(unknown);
    expect(await rig.provider.declineAction("nobody's")).toEqual(unknown);
  });
});

describe("a token", () => {
  it("may choose for several steps", async () => {
    const one = payment("tok_times_out_but_succeeds+capture_declined+void_slow");
    expect(await one.authorise()).toEqual(timedOut);
    expect(await one.authorise()).toEqual(approved);
    expect(await one.capture()).toEqual(declined("CAPTURE_DECLINED"));
    expect(await one.void()).toEqual(timedOut);
    rig.clock.move(100_000);
    expect(await one.void()).toEqual(approved);
    expect(await one.ledger()).toEqual(entry(one.key, columns.void));
  });

  it.each([
    "4242424242424242",
    "tok_",
    "tok_unheard_of",
    "tok_capture_requires_action",
    "tok_declined+approved",
    "tok_capture_slow+capture_slow",
    "tok_approved+",
    "TOK_APPROVED",
    "tok_toString",
    "$where",
  ])("that nobody knows is declined: %s", async (token) => {
    const one = payment(token);
    expect(await one.authorise()).toEqual(declined("TOKEN_UNKNOWN"));
    expect(await one.ledger()).toEqual(entry(one.key, {}));
  });

  it("that is slow answers in the same call when it is quicker than the deadline", async () => {
    const provider = await rig.open({ slowMs: 1_000 });
    const request = { key: newKey(), amount: eur(1), token: "tok_slow" };
    expect(await provider.authorise(request)).toEqual(approved);
  });
});
