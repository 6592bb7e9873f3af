import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { Document } from "mongodb";
import { UUID } from "mongodb";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyHistory } from "../../log/index.ts";
import { chainOf, commitAfter, nth, soon, storeRig } from "./store-rig.ts";
import type { StoreRig } from "./store-rig.ts";

let rig: StoreRig;

beforeAll(async () => {
  rig = await storeRig();
});

describe("verifyHistory", () => {
  it("follows an untouched history to its end", async () => {
    const chain = chainOf(12);
    await rig.store.appendChain(chain, soon());
    expect(await verifyHistory(rig.store, nth(chain, 0).stream)).toEqual({
      ok: true,
      version: 12,
      hash: nth(chain, -1).hash,
    });
    expect(await verifyHistory(rig.store, randomUUID())).toMatchObject({ ok: true, version: 0 });
  });

  const tamperings: Record<string, Document> = {
    "an event's data": { $set: { "ev.0.d.index": 99 } },
    "an event's type": { $set: { "ev.0.t": "Other" } },
    "who did it": { $set: { "m.by": "somebody else" } },
    "when it was": { $set: { at: new Date(0) } },
    "its partition": { $set: { p: 1_000 } },
    "the stored answer": { $set: { r: { orderNumber: "forged" } } },
    "the hash": { $set: { "m.h": "0".repeat(64) } },
    "the number of its events": { $set: { n: 7 } },
    "its very shape": { $unset: { m: "" } },
  };

  it.each(Object.entries(tamperings))(
    "names the version when %s was changed",
    async (_, change) => {
      const chain = chainOf(5);
      await rig.store.appendChain(chain, soon());
      const third = nth(chain, 2);
      await rig.db.collection("events").updateOne({ _id: new UUID(third.id) as never }, change, {
        bypassDocumentValidation: true,
      });
      const verdict = await verifyHistory(rig.store, third.stream);
      expect(verdict).toMatchObject({ ok: false, version: 3 });
    },
  );

  it("names the version when a commit was removed, replaced or put in front", async () => {
    const [removed, replaced] = [chainOf(5), chainOf(5)];
    await rig.store.appendChain(removed, soon());
    await rig.store.appendChain(replaced, soon());
    const events = rig.db.collection("events");
    const idOf = (chain: readonly { id: string }[], index: number) => ({
      _id: new UUID(nth(chain, index).id) as never,
    });
    await events.deleteOne(idOf(removed, 1));
    await events.deleteOne(idOf(replaced, 1));
    await rig.store.append(commitAfter(nth(replaced, 0)), soon());
    const { stream } = nth(removed, 0);
    expect(await verifyHistory(rig.store, stream)).toMatchObject({ ok: false, version: 2 });
    const other = nth(replaced, 0).stream;
    expect(await verifyHistory(rig.store, other)).toMatchObject({ ok: false, version: 3 });
  });

  it("holds for whatever JSON the events carry", async () => {
    // The driver (7.9) reads an array under such a name as raw bytes, because it looks the name up
    // in a plain object of its own. No event schema has a field of that kind.
    const inherited = Object.getOwnPropertyNames(Object.prototype);
    const json = fc
      .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
      .filter((data) => !inherited.some((name) => JSON.stringify(data).includes(`"${name}":`)));
    await fc.assert(
      fc.asyncProperty(json, async (data) => {
        const commit = commitAfter(randomUUID(), { data });
        await rig.store.append(commit, soon());
        expect(await verifyHistory(rig.store, commit.stream)).toMatchObject({ ok: true });
      }),
      { numRuns: 200 },
    );
  });
});
