import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { PaymentProvider } from "../../payments/index.ts";
import { noticeOf, createAcmeProvider } from "./acme-provider.ts";
import { startAcme, type AcmeServer } from "./acme-server.ts";
import { approved, declined, entry, eur, sandboxRig } from "./sandbox-rig.ts";
import type { SandboxRig } from "./sandbox-rig.ts";

const SECRET = "whsec_of_this_test";

let rig: SandboxRig;
let acme: AcmeServer;
let provider: PaymentProvider;

beforeEach(async () => {
  rig = await sandboxRig({ actionUrlOf: (key) => `https://acme.example/${key}` });
  acme = await startAcme(rig.provider, SECRET);
  provider = createAcmeProvider({ url: acme.url, apiKey: "sk_test", callTimeoutMs: 60_000 });
});

const key = randomUUID();
const amount = eur(1999);
const authorisation = { key, amount, token: "tok_approved", reference: randomUUID() };
const refund = { key: `${key}/refund`, paymentKey: key, amount: eur(500) };

describe("a provider behind HTTP", () => {
  it("pays, captures and refunds as the sandbox does", async () => {
    expect(await provider.authorise(authorisation)).toEqual(approved);
    expect(await provider.capture({ key, amount })).toEqual(approved);
    expect(await provider.void({ key })).toEqual(declined("ALREADY_CAPTURED"));
    expect(await provider.refund(refund)).toEqual(approved);
    const columns = { authorised: 1999, captured: 1999, refunded: 500 };
    expect(await rig.provider.ledger.of(key)).toEqual(entry(key, columns));
  });

  it("says that a key is reused, which is no decline", async () => {
    await provider.authorise(authorisation);
    const other = provider.authorise({ ...authorisation, amount: eur(1) });
    await expect(other).rejects.toMatchObject({ code: "KEY_REUSED" });
    const bad = provider.capture({ key, amount: eur(-1) });
    await expect(bad).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });

  it.each(["hangs", "hangs up", "says 500"] as const)(
    "is unknown when the service %s, and the repeat is told the outcome",
    async (fault) => {
      const callTimeoutMs = fault === "hangs" ? 300 : 60_000;
      const hasty = createAcmeProvider({ url: acme.url, apiKey: "sk_test", callTimeoutMs });
      acme.fault = fault;
      expect(await hasty.authorise(authorisation)).toMatchObject({ outcome: "UNKNOWN" });
      acme.fault = "none";
      expect(await provider.authorise(authorisation)).toEqual(approved);
      const columns = { authorised: 1999, held: 1999 };
      expect(await rig.provider.ledger.of(key)).toEqual(entry(key, columns));
    },
  );
});

describe("a webhook", () => {
  it("becomes a notice in our words", async () => {
    const waiting = await provider.authorise({ ...authorisation, token: "tok_requires_action" });
    const actionUrl = `https://acme.example/${key}`;
    expect(waiting).toEqual({ outcome: "ACTION_REQUIRED", actionUrl });
    const outcome = await rig.provider.confirmAction(key);
    const { reference } = authorisation;
    const notice = { id: "evt_1", payment: key, reference, outcome };
    const { body, signature } = acme.deliver(notice);
    const read = noticeOf(body, signature, SECRET);
    const told = { call: "authorise", key, outcome: { outcome: "APPROVED" } };
    expect(read).toEqual({ id: notice.id, orderId: reference, ...told });
  });

  it("that somebody else has signed, or changed, is nothing", () => {
    const notice = { payment: key, reference: randomUUID(), outcome: { outcome: "APPROVED" } };
    const { body, signature } = acme.deliver({ ...notice, outcome: { outcome: "APPROVED" } });
    expect(noticeOf(body, signature, SECRET)).not.toBeNull();
    expect(noticeOf(body.replace(key, randomUUID()), signature, SECRET)).toBeNull();
    expect(noticeOf(body, signature, "another secret")).toBeNull();
    for (const forged of ["", "00", "not hex", signature.slice(2), `${signature}00`]) {
      expect(noticeOf(body, forged, SECRET)).toBeNull();
    }
  });
});

describe("docs/payments.md", () => {
  it("shows the code that is tested here", () => {
    const read = (path: string) =>
      readFileSync(new URL(path, import.meta.url), "utf8").replace(/^ +/gm, "");
    const code = read("./acme-provider.ts");
    const shown = [...read("../../docs/payments.md").matchAll(/^```ts\n([\s\S]*?)^```$/gm)];
    expect(shown.length).toBeGreaterThan(0);
    for (const [, block = ""] of shown) expect(code).toContain(block);
  });
});
