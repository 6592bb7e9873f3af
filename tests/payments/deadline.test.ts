import { describe, expect, it } from "vitest";
import { PaymentError, withDeadline } from "../../payments/index.ts";
import type { PaymentOutcome, PaymentProvider } from "../../payments/index.ts";
import { eventually } from "../support/eventually.ts";
import { approved, eur, silent, timedOut } from "./sandbox-rig.ts";

/** A provider that answers when the test says so. */
function heldProvider() {
  const waiting: PromiseWithResolvers[] = [];
  const call = () =>
    new Promise<PaymentOutcome>((resolve, reject) => waiting.push({ resolve, reject }));
  const provider: PaymentProvider = { authorise: call, capture: call, void: call, refund: call };
  return { provider, waiting };
}

interface PromiseWithResolvers {
  readonly resolve: (outcome: PaymentOutcome) => void;
  readonly reject: (error: unknown) => void;
}

const bounds = { callTimeoutMs: 50, callsInFlightMax: 3, logger: silent };
const patient = { ...bounds, callTimeoutMs: 60_000 };
const amount = eur(1);
const calls = {
  authorise: (provider: PaymentProvider) =>
    provider.authorise({ key: "a", amount, token: "tok_approved" }),
  capture: (provider: PaymentProvider) => provider.capture({ key: "a", amount }),
  void: (provider: PaymentProvider) => provider.void({ key: "a" }),
  refund: (provider: PaymentProvider) => provider.refund({ key: "r", paymentKey: "a", amount }),
};

describe.each(["authorise", "capture", "void", "refund"] as const)("%s with a deadline", (name) => {
  const call = calls[name];

  it("hands on an answer in time", async () => {
    const { provider, waiting } = heldProvider();
    const answer = call(withDeadline(provider, patient));
    waiting[0]?.resolve({ outcome: "APPROVED" });
    expect(await answer).toEqual(approved);
  });

  it("is unknown past the deadline, whatever comes of it later", async () => {
    const { provider, waiting } = heldProvider();
    const bounded = withDeadline(provider, bounds);
    expect(await call(bounded)).toEqual(timedOut);
    expect(await call(bounded)).toEqual(timedOut);
    waiting[0]?.resolve({ outcome: "APPROVED" });
    waiting[1]?.reject(new PaymentError("KEY_REUSED", "nobody listens any more"));
  });

  it("is unknown when the provider cannot be reached", async () => {
    const down = () => Promise.reject(new Error("connection refused"));
    const provider = { authorise: down, capture: down, void: down, refund: down };
    const unavailable = { outcome: "UNKNOWN", reason: "UNAVAILABLE" };
    expect(await call(withDeadline(provider, patient))).toEqual(unavailable);
    const broken = () => {
      throw new TypeError("it throws before it promises");
    };
    const worse = { authorise: broken, capture: broken, void: broken, refund: broken };
    expect(await call(withDeadline(worse, patient))).toEqual(unavailable);
  });

  it("throws what says that the request was at fault", async () => {
    const fault = new PaymentError("KEY_REUSED", "another amount");
    const refuse = () => Promise.reject(fault);
    const provider = { authorise: refuse, capture: refuse, void: refuse, refund: refuse };
    await expect(call(withDeadline(provider, patient))).rejects.toBe(fault);
  });
});

describe("calls under way", () => {
  it("are bounded, the given up ones included, until they end", async () => {
    const { provider, waiting } = heldProvider();
    const bounded = withDeadline(provider, bounds);
    const tooMany = { outcome: "UNKNOWN", reason: "TOO_MANY_CALLS" };
    const first = await Promise.all([1, 2, 3].map(() => calls.void(bounded)));
    expect(first).toEqual([timedOut, timedOut, timedOut]);
    expect(await calls.void(bounded)).toEqual(tooMany);
    expect(waiting).toHaveLength(3);
    waiting[0]?.resolve({ outcome: "APPROVED" });
    await eventually(async () => {
      expect(await calls.void(bounded)).toEqual(timedOut);
      return true;
    });
    expect(waiting).toHaveLength(4);
  });
});
