import { MongoClient } from "mongodb";
import { describe, expect, it } from "vitest";
import { createSandboxProvider } from "../../payments/index.ts";
import { disposeLater, eventually, testDatabase, testMongod } from "../support/servers.ts";
import { make, type Call } from "./sandbox-calls.ts";
import { approved, entry, eur, silent } from "./sandbox-rig.ts";
import { startPaying } from "./start-paying.ts";

const key = "interrupted";
const amount = eur(1000);

/** Each call of a payment, its token losing the answer of the last. */
const histories = {
  authorise: [["authorise", { key, amount, token: "tok_times_out_but_succeeds" }]],
  capture: [
    ["authorise", { key, amount, token: "tok_capture_times_out_but_succeeds" }],
    ["capture", { key, amount }],
  ],
  void: [
    ["authorise", { key, amount, token: "tok_void_times_out_but_succeeds" }],
    ["void", { key }],
  ],
  refund: [
    ["authorise", { key, amount, token: "tok_refund_times_out_but_succeeds" }],
    ["capture", { key, amount }],
    ["refund", { key: "refund", paymentKey: key, amount }],
  ],
} as const;

const authorised = { authorised: 1000, held: 1000 };
const ledgers = {
  authorise: authorised,
  capture: { authorised: 1000, captured: 1000 },
  void: { authorised: 1000, voided: 1000 },
  refund: { authorised: 1000, captured: 1000, refunded: 1000 },
};

describe("a process killed between a decision and its answer", () => {
  it.each(["authorise", "capture", "void", "refund"] as const)(
    "leaves the outcome of %s to whoever repeats the call",
    async (step) => {
      const database = await testDatabase();
      const { db } = database;
      const calls = histories[step];
      const child = startPaying(database, calls);
      const stored = db.collection<{ _id: string }>("sandbox_payments");
      const decided = { _id: key, revision: calls.length };
      await eventually(async () => (await stored.countDocuments(decided)) === 1);
      await child.kill();
      expect(child.heard()).toHaveLength(calls.length - 1);

      const provider = await createSandboxProvider(db, { logger: silent });
      for (const call of calls) expect(await make(provider, call)).toEqual(approved);
      expect(await provider.ledger.of(key)).toEqual(entry(key, ledgers[step]));
      expect(await stored.countDocuments(decided)).toBe(1);
    },
  );

  it("takes no money twice, wherever in a row of payments it dies", async () => {
    const database = await testDatabase();
    const names = Array.from({ length: 2_000 }, (_, index) => `payment-${index}`);
    const calls = names.flatMap((name): Call[] => [
      ["authorise", { key: name, amount, token: "tok_approved" }],
      ["capture", { key: name, amount }],
    ]);
    const child = startPaying(database, calls);
    await eventually(() => child.heard().length > 51);
    await child.kill();
    const heard = child.heard().length;
    expect(heard).toBeLessThan(calls.length);

    const provider = await createSandboxProvider(database.db, { logger: silent });
    // From a while before it died on: some repeats, one perhaps halfway, the rest new.
    for (const call of calls.slice(Math.max(0, heard - 20), heard + 20)) {
      expect(await make(provider, call)).toEqual(approved);
    }
    for await (const one of provider.ledger.all()) {
      expect(one.authorised).toBe(1000);
      expect(one.captured + one.held).toBe(1000);
    }
  });
});

describe("a MongoDB that is away", () => {
  it("makes outcomes unknown within the deadline, and a repeat finds them out later", async () => {
    const mongod = await testMongod();
    const client = await new MongoClient(mongod.url).connect();
    disposeLater(() => client.close());
    const options = { logger: silent, callTimeoutMs: 500 };
    const provider = await createSandboxProvider(client.db("sandbox"), options);
    const request = { key, amount, token: "tok_approved" };
    await mongod.kill();
    expect(await provider.authorise(request)).toMatchObject({ outcome: "UNKNOWN" });
    expect(await provider.void({ key: "other" })).toMatchObject({ outcome: "UNKNOWN" });
    await mongod.restart();
    await eventually(async () => (await provider.authorise(request)).outcome === "APPROVED");
    await eventually(async () => (await provider.capture(request)).outcome === "APPROVED");
    expect(await provider.ledger.of(key)).toEqual(entry(key, ledgers.capture));
  });
});
