import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Attempt } from "../../actors/attempt.ts";
import { emptyHead } from "../../actors/head.ts";
import { settleTurn } from "../../actors/settle.ts";
import { decideStep } from "../../actors/turn.ts";
import type { Step } from "../../actors/turn.ts";
import type { AppendResult } from "../../log/index.ts";
import { productAggregate } from "../../machines/index.ts";
import { adjustStock, createProduct } from "./bus-rig.ts";

const head = emptyHead(productAggregate);
const origin = { node: "node-1", epoch: 0 };

/** A step that writes, or one that answers with a refusal. */
function stepOf(isWrite: boolean): Step {
  const envelope = isWrite ? createProduct("TEA-1") : adjustStock("TEA-1", 1);
  return decideStep(head, new Attempt(envelope, null, envelope.deadline), origin);
}

const result: fc.Arbitrary<AppendResult["kind"]> = fc.constantFrom(
  "landed",
  "landed",
  "landed",
  "conflict",
  "keyReused",
  "skipped",
  "unknown",
);

function resultOf(kind: AppendResult["kind"]): AppendResult {
  if (kind === "unknown") return { kind, cause: randomUUID() };
  if (kind === "repeated") throw new Error("not drawn");
  return { kind };
}

describe("the settlement of a turn", () => {
  it("keeps nothing decided after the first commit that did not land, and loses no attempt", () => {
    const turn = fc.array(fc.record({ isWrite: fc.boolean(), kind: result }), { maxLength: 12 });
    fc.assert(
      fc.property(turn, fc.boolean(), (drawn, canLookUp) => {
        const steps = drawn.map(({ isWrite }) => stepOf(isWrite));
        const kinds = drawn.filter(({ isWrite }) => isWrite).map(({ kind }) => kind);
        const settlement = settleTurn(steps, kinds.map(resultOf), canLookUp ? new Map() : null);
        const kept = kinds.findIndex((kind) => kind !== "landed");
        expect(settlement.landed).toHaveLength(kept === -1 ? kinds.length : kept);
        if (kinds[0] !== "landed" || !canLookUp) expect(settlement.proved).toEqual([]);
        const broken = steps.findIndex(
          (step) => step.kind === "write" && !settlement.landed.includes(step),
        );
        for (const step of settlement.proved) {
          if (broken !== -1) expect(steps.indexOf(step)).toBeLessThan(broken);
        }
        const placed = [
          ...settlement.landed.map(({ attempt }) => attempt),
          ...settlement.proved.map(({ attempt }) => attempt),
          ...settlement.unknown.map(({ step }) => step.attempt),
          ...settlement.keyReused,
          ...settlement.again,
        ];
        expect(new Set(placed)).toEqual(new Set(steps.map(({ attempt }) => attempt)));
        expect(placed).toHaveLength(steps.length);
      }),
    );
  });
});
