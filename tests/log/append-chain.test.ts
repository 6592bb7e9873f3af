import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Commit } from "../../log/index.ts";
import { createMongoEventStore, lastVersion } from "../../log/index.ts";
import { chainOf, commitAfter, nth, soon, storeRig } from "./store-rig.ts";
import type { StoreRig } from "./store-rig.ts";

let rig: StoreRig;

beforeAll(async () => {
  rig = await storeRig();
});

const kinds = (results: readonly { kind: string }[]) => results.map(({ kind }) => kind);

describe("appendChain", () => {
  it("lands a whole chain in order", async () => {
    const chain = chainOf(20);
    expect(kinds(await rig.store.appendChain(chain, soon()))).toEqual(Array(20).fill("landed"));
    expect(await rig.store.read(nth(chain, 0).stream, 0)).toEqual(chain);
  });

  it("stops at a foreign commit in the fifth place and leaves no gap", async () => {
    const chain = chainOf(20);
    await rig.store.appendChain(chain.slice(0, 4), soon());
    const foreign = commitAfter(nth(chain, 3));
    await rig.store.append(foreign, soon());
    expect(kinds(await rig.store.appendChain(chain, soon()))).toEqual([
      ...Array<string>(4).fill("landed"),
      "conflict",
      ...Array<string>(15).fill("skipped"),
    ]);
    expect(await rig.store.read(foreign.stream, 0)).toEqual([...chain.slice(0, 4), foreign]);
  });

  it("goes on behind the part of it that an earlier attempt has landed", async () => {
    const chain = chainOf(10);
    await rig.store.appendChain(chain.slice(0, 7), soon());
    const results = await rig.store.appendChain(chain, soon());
    expect(kinds(results)).toEqual(Array(10).fill("landed"));
    expect(await rig.store.read(nth(chain, 0).stream, 0)).toEqual(chain);
  });

  it("answers a repeated and a reused id in the middle, and skips what follows", async () => {
    const earlier = commitAfter(randomUUID());
    await rig.store.append(earlier, soon());
    const repeated = commitAfter(earlier, { id: earlier.id });
    const after = commitAfter(repeated);
    expect(await rig.store.appendChain([repeated, after], soon())).toEqual([
      { kind: "repeated", commit: earlier },
      { kind: "skipped" },
    ]);
    const fresh = commitAfter(randomUUID());
    const reused = commitAfter(fresh, { id: earlier.id });
    expect(kinds(await rig.store.appendChain([fresh, reused], soon()))).toEqual([
      "landed",
      "keyReused",
    ]);
  });

  it("refuses commits that do not follow one another before anything is sent", async () => {
    const chain = chainOf(3);
    const appending = rig.store.appendChain([nth(chain, 0), nth(chain, 2)], soon());
    await expect(appending).rejects.toMatchObject({ code: "COMMIT_INVALID" });
    expect(await rig.store.read(nth(chain, 0).stream, 0)).toEqual([]);
  });

  it("keeps a stream whole while two processes race with chains and single commits", async () => {
    const other = createMongoEventStore(rig.db);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isOther: fc.boolean(), length: fc.integer({ min: 1, max: 6 }) }), {
          minLength: 2,
          maxLength: 12,
        }),
        async (writers) => {
          const stream = randomUUID();
          const landed = await Promise.all(
            writers.map(({ isOther, length }) => {
              const store = isOther ? other : rig.store;
              return writeUntilLanded(store, stream, length);
            }),
          );
          const stored = await rig.store.read(stream, 0);
          expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(landed.flat()));
          expect(lastVersion(nth(stored, -1))).toBe(landed.flat().length);
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** Writes so many commits by chains, reading the stream again whenever someone was faster. */
async function writeUntilLanded(
  store: StoreRig["store"],
  stream: string,
  length: number,
): Promise<string[]> {
  const landed: string[] = [];
  while (landed.length < length) {
    const stored = await store.read(stream, 0);
    const start: Commit | string = stored.at(-1) ?? stream;
    const chain = chainOf(length - landed.length, start);
    const results = await store.appendChain(chain, soon());
    chain.forEach(({ id }, index) => {
      if (nth(results, index).kind === "landed") landed.push(id);
    });
  }
  return landed;
}
