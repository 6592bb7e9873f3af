/**
 * Random walks over the real machines, seeded: a failure names its seed and its history, and
 * `WALKS_FROM=<seed> WALKS=1` takes it again.
 */
import { describe, expect, it } from "vitest";
import { aggregates } from "../../machines/index.ts";
import { walk } from "./walk/walk.ts";

/** So many meet every event that there is. */
const SAMPLE = 600;
const WALKS = Number(process.env["WALKS"] ?? SAMPLE);
const FROM = Number(process.env["WALKS_FROM"] ?? 0);
const PARTS = 10;
const WALK_MS_MAX = 500;

describe("two orders, two products, a bad provider and a dying reactor", () => {
  const timeout = 60_000 + WALKS * WALK_MS_MAX;
  const parts = Array.from({ length: PARTS }, (_, part) => part);
  const told = new Map<number, ReadonlySet<string>>();

  /** Takes the walks of a part, once; resolves with the events that they met. */
  const take = (part: number): ReadonlySet<string> => {
    const known = told.get(part);
    if (known !== undefined) return known;
    const met = new Set<string>();
    for (let seed = FROM + part; seed < FROM + WALKS; seed += PARTS) {
      for (const { events } of walk(seed).entities.values()) {
        for (const { type } of events) met.add(type);
      }
    }
    told.set(part, met);
    return met;
  };

  it.each(parts)("come to rest with all ledgers equal, part %d", { timeout }, (part) => {
    expect(take(part).size).toBeGreaterThan(0);
  });

  const title = "meet every event that there is but those of the catalogue";
  it.runIf(WALKS >= SAMPLE)(title, { timeout }, () => {
    const met = new Set(parts.flatMap((part) => [...take(part)]));
    const unmet = Object.values(aggregates)
      .flatMap(({ events }) => Object.keys(events))
      .filter((type) => !met.has(type));
    expect(unmet.sort()).toEqual([
      "PriceChanged",
      "ProductCategorised",
      "ProductUpdated",
      "ShippingAddressUpdated",
    ]);
  });
});
