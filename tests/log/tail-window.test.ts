import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TailedCommit } from "../../log/index.ts";
import { createTailWindow } from "../../log/tail-window.ts";
import { chainOf, nth } from "./store-rig.ts";

const tokenOf = (number: number): string => `82${String(number).padStart(8, "0")}`;

function tailed(number: number): TailedCommit {
  return { commit: nth(chainOf(1), 0), position: { token: tokenOf(number), time: number } };
}

/** What happens to a window and its readers, in any order. */
type Step =
  | { readonly kind: "append"; readonly count: number }
  | { readonly kind: "read"; readonly reader: number; readonly max: number }
  | { readonly kind: "restart" };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("append"), count: fc.nat(6) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("read"),
      reader: fc.nat(2),
      max: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

describe("the tail's window", () => {
  it("gives every reader each commit once and in order, or says that it has fallen out", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (script) => {
        const window = createTailWindow(8);
        window.restart({ token: tokenOf(0), time: 0 });
        let written = 0;
        const readers = [0, 1, 2].map(() => ({ place: window.locate(tokenOf(0)), seen: 0 }));
        for (const step of script) {
          if (step.kind === "append") {
            const commits = Array.from({ length: step.count }, () => tailed((written += 1)));
            const position = { token: tokenOf(written), time: written };
            window.append({ commits, position, isCaughtUp: true });
          } else if (step.kind === "restart") {
            // The stream lost its position: a commit went by that nobody saw here.
            written += 1;
            window.restart({ token: tokenOf(written), time: written });
          } else {
            const reader = nth(readers, step.reader);
            const slice = reader.place === null ? null : window.read(reader.place, step.max);
            if (slice === null) {
              // Reads on its own to the end, then stands in the window again.
              reader.seen = written;
              reader.place = window.locate(tokenOf(written));
              expect(reader.place).not.toBeNull();
              continue;
            }
            for (const { position } of slice.batch.commits) {
              expect(position.time).toBe(reader.seen + 1);
              reader.seen = position.time;
            }
            expect(slice.batch.position.token).toBe(tokenOf(reader.seen));
            expect(slice.batch.isCaughtUp && reader.seen < written).toBe(false);
            reader.place = slice.next;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("locates only tokens between its two ends", () => {
    const window = createTailWindow(3);
    expect(window.locate(tokenOf(1))).toBeNull();
    window.restart({ token: tokenOf(10), time: 10 });
    const commits = [11, 12, 13, 14, 15].map(tailed);
    window.append({ commits, position: { token: tokenOf(16), time: 15 }, isCaughtUp: true });
    expect(window.locate(tokenOf(11))).toBeNull();
    expect(window.locate("no token at all")).toBeNull();
    expect(window.locate(tokenOf(17))).toBeNull();
    const place = window.locate(tokenOf(13)) ?? -1;
    const slice = window.read(place, 10);
    expect(slice?.batch.commits.map(({ position }) => position.time)).toEqual([14, 15]);
    expect(slice?.batch.position.token).toBe(tokenOf(16));
  });
});
