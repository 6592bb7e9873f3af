import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { PaymentOutcome, SandboxProvider } from "../../payments/index.ts";
import { PaymentModel, type ModelCall } from "./payment-model.ts";
import { sandboxRig } from "./sandbox-rig.ts";
import type { SandboxRig } from "./sandbox-rig.ts";

const RUNS = Number(process.env["PAYMENT_WALKS"] ?? 60);

const SLOW_MS = 1e9;

let rig: SandboxRig;
let runs = 0;

beforeAll(async () => {
  // Lost answers take time as well: only "later" may be long enough for a slow one.
  rig = await sandboxRig({ slowMs: SLOW_MS, authorisationTtlMs: 1e15 });
});

const how = fc.constantFrom(
  ...["approved", "approved", "declined", "slow"],
  ...["times_out_but_succeeds", "times_out_and_fails"],
);
const token = fc.oneof(
  { weight: 4, arbitrary: fc.constant("tok_approved") },
  fc.constant("tok_requires_action"),
  how.map((one) => `tok_${one}`),
  fc
    .record({ capture: how, void: how, refund: how })
    .map((one) => `tok_capture_${one.capture}+void_${one.void}+refund_${one.refund}`),
);
const payment = fc.constantFrom("a", "b");
const refund = fc.constantFrom("r1", "r2", "r3");
const minor = fc.constantFrom(1, 3, 10, 10, 11);

const call = fc.oneof(
  { weight: 3, arbitrary: fc.record({ call: fc.constant("authorise"), payment, minor, token }) },
  { weight: 3, arbitrary: fc.record({ call: fc.constant("capture"), payment, minor }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("void"), payment }) },
  { weight: 4, arbitrary: fc.record({ call: fc.constant("refund"), payment, refund, minor }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("confirm"), payment }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("refuse"), payment }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("later") }) },
) as fc.Arbitrary<ModelCall>;

/** The outcome in the words of the model. */
function wordsOf(outcome: PaymentOutcome): string {
  return "reason" in outcome ? `${outcome.outcome} ${outcome.reason}` : outcome.outcome;
}

async function make(provider: SandboxProvider, run: string, one: ModelCall): Promise<string> {
  if (one.call === "later") {
    rig.clock.move(SLOW_MS);
    return "";
  }
  const key = `${run}/${one.payment}`;
  const amount = { minor: "minor" in one ? one.minor : 1, currency: "EUR" };
  try {
    switch (one.call) {
      case "authorise":
        return wordsOf(await provider.authorise({ key, amount, token: one.token }));
      case "capture":
        return wordsOf(await provider.capture({ key, amount }));
      case "void":
        return wordsOf(await provider.void({ key }));
      case "refund": {
        const refundKey = `${run}/${one.refund}`;
        return wordsOf(await provider.refund({ key: refundKey, paymentKey: key, amount }));
      }
      case "confirm":
        return wordsOf(await provider.confirmAction(key));
      case "refuse":
        return wordsOf(await provider.declineAction(key));
    }
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("any sequence of calls", () => {
  it("is answered as the plain model answers, and the ledgers agree at every prefix", async () => {
    // A second process takes turns, as if the first had crashed after any call.
    const processes = [rig.provider, await rig.open()];
    const history = fc.array(fc.tuple(call, fc.nat(1)), { maxLength: 25, size: "max" });
    await fc.assert(
      fc.asyncProperty(history, async (calls) => {
        const model = new PaymentModel();
        const run = `run-${(runs += 1)}`;
        for (const [one, at] of calls) {
          const provider = processes[at] ?? rig.provider;
          expect(await make(provider, run, one), JSON.stringify(one)).toBe(model.expect(one));
          for (const name of ["a", "b"]) {
            const entry = await provider.ledger.of(`${run}/${name}`);
            expect(entry && { ...entry, key: name }).toEqual(model.ledger(name));
            if (entry === null) continue;
            expect(entry.authorised).toBeGreaterThanOrEqual(entry.captured);
            expect(entry.captured).toBeGreaterThanOrEqual(entry.refunded);
            expect(entry.held).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: RUNS },
    );
    await expectSumsOfEntries(rig.provider);
  });
});

async function expectSumsOfEntries(provider: SandboxProvider): Promise<void> {
  const sums = { authorised: 0, voided: 0, captured: 0, refunded: 0, held: 0 };
  for await (const entry of provider.ledger.all()) {
    for (const column of Object.keys(sums) as (keyof typeof sums)[]) sums[column] += entry[column];
  }
  expect(sums.captured).toBeGreaterThan(0);
  expect(await provider.ledger.sums()).toEqual([{ currency: "EUR", ...sums }]);
}
