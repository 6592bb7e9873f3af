import { describe, expect, it } from "vitest";
import { measure, median, type Figure } from "../bench/measure.ts";
import { jsonOf, middleOf, tableOf, type Report } from "../bench/report.ts";

const figure = (perSecond: number, p50Ms: number): Figure => {
  return { perSecond, p50Ms, p99Ms: 2 * p50Ms, cpuUs: 100, busy: 0.5 };
};

const report: Report = {
  machine: "2 x some CPU",
  durability: "majority",
  rounds: 3,
  rows: [
    {
      name: "hot",
      load: "one product",
      figures: [figure(900, 3), figure(1_100, 1), figure(1e3, 2)],
    },
    { name: "live", load: "frames", figures: [{ ...figure(10, 5), cpuUs: null }] },
  ],
  goals: [{ name: "hot / one", goal: ">= 3", value: 2.5, isMet: false }],
  proofs: ["all found"],
};

describe("the bench", () => {
  it("takes the middle of an odd and of an even number of rounds", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
  });

  it("counts each operation of a batch, and ends all workers at the first failure", async () => {
    const signal = new AbortController().signal;
    let calls = 0;
    const load = { inFlight: 2, durationMs: 5, each: 10, signal };
    const result = await measure(load, () => Promise.resolve(calls++));
    expect(calls).toBeGreaterThan(1);
    expect(result.perSecond).toBeGreaterThan(0);
    const failing = measure(load, () => Promise.reject(new Error("lost")));
    await expect(failing).rejects.toThrow("lost");
  });

  it("refuses to call an aborted measurement a result", async () => {
    const load = { inFlight: 1, durationMs: 60_000, signal: AbortSignal.abort() };
    await expect(measure(load, () => Promise.resolve())).rejects.toThrow();
  });

  it("prints medians, spread, ratios and what was proved", () => {
    const table = tableOf(report);
    expect(middleOf(report.rows[0] ?? { name: "", load: "", figures: [] })).toMatchObject({
      perSecond: 1_000,
      p50Ms: 2,
    });
    expect(table).toMatch(/^hot +1,000 +±10% +2\.00 +4\.00 +100 +50% +one product$/m);
    expect(table).toMatch(/^hot \/ one +2\.50 +>= 3 +missed$/m);
    expect(table).toContain("- all found");
  });

  it("says the same as JSON, every round included", () => {
    const parsed = JSON.parse(jsonOf(report)) as { rows: { rounds: unknown[]; spread: number }[] };
    expect(parsed.rows[0]?.rounds).toHaveLength(3);
    expect(parsed.rows[0]?.spread).toBeCloseTo(0.1);
  });
});
