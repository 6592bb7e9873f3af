import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Sealed } from "../../privacy/index.ts";
import { masterKey } from "../support/personal-sample.ts";
import { testPrivacy } from "../support/personal.ts";
import { testDatabase } from "../support/servers.ts";

const fields = { contact: { name: "Ada Lovelace", email: "ada@example.com" } };
const content = { fields, plain: { country: "GB" } };

async function sealed(
  privacy: Awaited<ReturnType<typeof testPrivacy>>,
  customer = "ada",
): Promise<Sealed> {
  const found = await privacy.seal(customer, content);
  if (found === null) throw new Error("the customer was erased");
  return found;
}

describe("personal fields", () => {
  it("are sealed differently each time, and opened for their customer only", async () => {
    const { db } = await testDatabase();
    const [one, other] = [await testPrivacy(db), await testPrivacy(db)];
    const first = await sealed(one);
    const second = await sealed(one);
    expect(first).toMatchObject({ v: 1, country: "GB", key: second.key });
    expect(first.sealed).not.toBe(second.sealed);
    expect(JSON.stringify(first)).not.toMatch(/Ada |ada@/);
    expect(await other.open("ada", first)).toEqual({ kind: "open", fields });
    expect(await other.open("bob", first)).toEqual({ kind: "unreadable" });
    await sealed(one, "bob");
    expect(await other.open("bob", first)).toEqual({ kind: "unreadable" });
  });

  it("of a new customer get one key, however many processes seal at once", async () => {
    const { db } = await testDatabase();
    const processes = await Promise.all([1, 2, 3, 4].map(() => testPrivacy(db)));
    const all = await Promise.all(
      processes.flatMap((one) => [sealed(one, "new"), sealed(one, "new")]),
    );
    expect(new Set(all.map(({ key }) => key)).size).toBe(1);
    for (const one of all) {
      expect(await processes[0]?.open("new", one)).toEqual({ kind: "open", fields });
    }
  });

  it("that were tampered with are unreadable, which is logged once and without them", async () => {
    const { db } = await testDatabase();
    const lines: string[] = [];
    const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    const privacy = await testPrivacy(db, { logger });
    const good = await sealed(privacy);
    const flipped = `${good.sealed.startsWith("A") ? "B" : "A"}${good.sealed.slice(1)}`;
    const bad = [
      { ...good, sealed: flipped },
      { ...good, sealed: good.sealed.slice(0, -4) },
      { ...good, sealed: "" },
      { ...good, country: "DE" },
      { ...good, key: "5d0f6a3e-6f0f-4f57-9a6d-0d3f1c1a2b3c" },
      { ...good, v: 2 },
      { contact: fields.contact },
      null,
    ];
    for (const one of bad) expect(await privacy.open("ada", one)).toEqual({ kind: "unreadable" });
    const told = lines.length;
    for (const one of bad) expect(await privacy.open("ada", one)).toEqual({ kind: "unreadable" });
    expect(lines.length).toBe(told);
    expect(told).toBeGreaterThan(0);
    expect(lines.join("")).not.toMatch(/Ada |ada@/);
    expect(await privacy.open("ada", good)).toEqual({ kind: "open", fields });
  });

  it("cannot be sealed while the keys are out of reach, and the error says so", async () => {
    const { url, name } = await testDatabase();
    const client = await new MongoClient(url).connect();
    const privacy = await testPrivacy(client.db(name), { keyAgeMaxMs: 1 });
    const good = await sealed(privacy);
    // A client that was closed answers as one whose server is away, only sooner.
    await client.close(true);
    const away = { code: "KEYS_UNAVAILABLE" };
    await expect(privacy.seal("carl", content)).rejects.toMatchObject(away);
    await expect(privacy.erase("ada", "olga")).rejects.toMatchObject(away);
    await expect.poll(() => privacy.open("ada", good)).toEqual({ kind: "unreadable" });
  });
});

describe("erasing a customer", () => {
  it("destroys the key for ever, and says what it did", async () => {
    const { db } = await testDatabase();
    const privacy = await testPrivacy(db);
    const good = await sealed(privacy);
    const first = await privacy.erase("ada", "olga");
    expect(first.outcome).toBe("ERASED");
    expect(await privacy.erase("ada", "otto")).toEqual({ ...first, outcome: "ALREADY_ERASED" });
    expect(await privacy.seal("ada", content)).toBeNull();
    expect(await privacy.open("ada", good)).toEqual({ kind: "erased" });
    expect((await privacy.erase("nobody", "olga")).outcome).toBe("NOTHING_HELD");
    expect(await privacy.seal("nobody", content)).toBeNull();
    const left = await db.collection("customer_keys").findOne({ _id: "ada" as never });
    expect(Object.keys(left ?? {}).sort()).toEqual(["_id", "erasedAt", "erasedBy", "pending"]);
    const again = await testPrivacy(db);
    expect(await again.open("ada", good)).toEqual({ kind: "erased" });
  });

  it("is known at once where the notice arrives, and soon where it was lost", async () => {
    const { db } = await testDatabase();
    const told = new Set<(customer: string) => void>();
    const notices = {
      tell: (customer: string) => told.forEach((callback) => callback(customer)),
      listen(callback: (customer: string) => void) {
        told.add(callback);
        return () => void told.delete(callback);
      },
    };
    const one = await testPrivacy(db, { notices, keyAgeMaxMs: 3_600_000 });
    const near = await testPrivacy(db, { notices, keyAgeMaxMs: 3_600_000 });
    const deaf = await testPrivacy(db, { keyAgeMaxMs: 200 });
    const good = await sealed(one);
    for (const each of [near, deaf]) {
      expect(await each.open("ada", good)).toEqual({ kind: "open", fields });
    }
    await one.erase("ada", "olga");
    expect(await near.open("ada", good)).toEqual({ kind: "erased" });
    await expect
      .poll(() => deaf.open("ada", good), { timeout: 30_000 })
      .toEqual({ kind: "erased" });
    expect(await deaf.seal("ada", content)).toBeNull();
  });

  it("that races with the first order leaves a tombstone and no key", async () => {
    const { db } = await testDatabase();
    const [one, other] = [await testPrivacy(db), await testPrivacy(db)];
    const customers = Array.from({ length: 20 }, (_, index) => `racer-${String(index)}`);
    await Promise.all(customers.flatMap((who) => [one.seal(who, content), other.erase(who, "o")]));
    const left = await db.collection("customer_keys").countDocuments({ key: { $exists: true } });
    expect(left).toBe(0);
  });
});

describe("search tokens", () => {
  it("find the beginnings of words, whatever case and accents, and tell nothing", async () => {
    const { db } = await testDatabase();
    const privacy = await testPrivacy(db);
    const good = await sealed(privacy);
    const textsOf = () => ["Àda Lovelace", "ada@example.com"];
    const tokens = await privacy.searchTokens("ada", good, textsOf);
    for (const text of ["ada", "AD", "love lovelace", "ADA@EXAMPLE.com"]) {
      const asked = privacy.askedTokens(text);
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.every((token) => tokens.includes(token))).toBe(true);
    }
    expect(tokens).not.toContain(privacy.askedTokens("ovelace")[0]);
    expect(await (await testPrivacy(db)).searchTokens("ada", good, textsOf)).toEqual(tokens);
    await privacy.erase("ada", "olga");
    expect(await privacy.searchTokens("ada", good, textsOf)).toEqual([]);
  });
});

describe("the master key", () => {
  const fresh = (): string => randomBytes(32).toString("base64");

  it("that is not the one of the database is named in one sentence", async () => {
    const { db } = await testDatabase();
    await testPrivacy(db);
    await expect(testPrivacy(db, { masterKeys: [fresh()] })).rejects.toMatchObject({
      code: "MASTER_KEY_WRONG",
      message: expect.stringMatching(/^STATECART_MASTER_KEY is not the key of this database/),
    });
    await expect(testPrivacy(db, { masterKeys: ["short"] })).rejects.toMatchObject({
      code: "MASTER_KEY_INVALID",
    });
  });

  it("can be replaced: the earlier one opens until everything is wrapped anew", async () => {
    const { db } = await testDatabase();
    const before = await testPrivacy(db);
    const good = await sealed(before);
    const asked = before.askedTokens("ada");
    const later = fresh();
    const both = await testPrivacy(db, { masterKeys: [later, masterKey] });
    expect(await both.open("ada", good)).toEqual({ kind: "open", fields });
    const wrapped = db.collection("customer_keys");
    const masters = (): Promise<unknown[]> => wrapped.distinct("master");
    const [earlier] = await db.collection("privacy_root").distinct("master");
    await expect.poll(masters, { timeout: 30_000 }).toEqual([earlier]);
    const after = await testPrivacy(db, { masterKeys: [later] });
    expect(await after.open("ada", good)).toEqual({ kind: "open", fields });
    expect(after.askedTokens("ada")).toEqual(asked);
    await expect(testPrivacy(db)).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
  });
});
