import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decide,
  enteredAfter,
  initialState,
  productAggregate,
  productAvailable,
  productSellable,
  productStatus,
  timersOf,
} from "../../machines/index.ts";
import type { DomainCommand, EntityState, ProductContext } from "../../machines/index.ts";
import {
  allReservations,
  reservationIn,
  withReservation,
  withoutReservation,
} from "../../machines/product/reservations.ts";
import type { Reservation, Reservations } from "../../machines/product/reservations.ts";
import { sampleSize } from "../support/sample-size.ts";
import { command, productHistory } from "./samples.ts";
import { specify } from "./specification.ts";
import { internal } from "./story.ts";

const { given } = specify(productAggregate);
const publish = command("PublishProduct", {});
const orderId = "20000000-0000-4000-8000-000000000001";
const idOf = (index: number) => `10000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
const ofLine = (index: number) => ({ orderId, lineId: idOf(index) });
const reserve = (quantity: number, index = 1) =>
  internal("ReserveStock", { ...ofLine(index), quantity });
const commit = (index = 1) => internal("CommitReservation", ofLine(index));
const release = (quantity: number, index = 1) =>
  internal("ReleaseReservation", { ...ofLine(index), quantity });
const consume = (quantity: number, index = 1) =>
  internal("ConsumeReservation", { ...ofLine(index), quantity });
const after = (...commands: DomainCommand[]) => given(productHistory(publish, ...commands)).state;
const adjust = (delta: number) => command("AdjustStock", { delta, reason: "count" });

describe("stock", () => {
  it("goes from reserved to committed to shipped", () => {
    expect(after(reserve(4)).context.stock).toMatchObject({ onHand: 10, reserved: 4 });
    const committed = after(reserve(4), commit());
    expect(committed.context.stock).toMatchObject({ onHand: 10, reserved: 0, committed: 4 });
    const gone = after(reserve(4), commit(), consume(1), consume(3));
    expect(gone.context.stock).toMatchObject({ onHand: 6, committed: 0 });
    expect(gone.context.reservations).toEqual({});
  });

  it("is refused beyond what is there, with the figures, in an event", () => {
    given(productHistory(publish, reserve(8)))
      .when(reserve(3, 2))
      .then([
        {
          type: "StockReservationDeclined",
          data: { ...ofLine(2), code: "INSUFFICIENT_STOCK", requested: 3, available: 2 },
        },
      ]);
  });

  it("is sold beyond what is there up to the limit of back-orders", () => {
    const policy = { policy: "BACKORDER", backorderLimit: 5, safety: 1 };
    const allow = command("SetStockPolicy", policy);
    const state = after(allow, reserve(14));
    expect(state.context).toMatchObject({ stock: { reserved: 14, safety: 1 } });
    expect(productAvailable(state.context)).toBe(-5);
    expect(productSellable(state.context)).toBe(0);
    given(productHistory(publish, allow))
      .when(reserve(12))
      .then([{ type: "StockReserved", data: { ...ofLine(1), quantity: 12, backordered: 3 } }]);
    given(productHistory(publish, allow, reserve(14)))
      .when(commit())
      .then([{ type: "ReservationCommitted", data: ofLine(1) }]);
    given(productHistory(publish))
      .when(command("SetStockPolicy", { policy: "DENY", backorderLimit: 1 }))
      .refuses("AMBIGUOUS");
  });

  it("is not committed when a count took it away, and stays reserved", () => {
    const events = productHistory(publish, reserve(8), adjust(-5));
    given(events)
      .when(commit())
      .then([
        {
          type: "ReservationCommitDeclined",
          data: { ...ofLine(1), code: "INSUFFICIENT_STOCK" },
        },
      ]);
  });

  it("answers a release and a consumption of what is not held", () => {
    given(productHistory(publish))
      .when(release(2))
      .then([{ type: "ReservationReleased", data: { ...ofLine(1), requested: 2, quantity: 0 } }]);
    const short = { ...ofLine(1), requested: 12, quantity: 0, shortfall: 2 };
    given(productHistory(publish))
      .when(consume(12))
      .then([{ type: "ReservationConsumed", data: short }]);
    expect(after(consume(12)).context.stock.onHand).toBe(0);
  });

  it("comes back to be sold or as damaged, in every lifecycle", () => {
    const back = { ...ofLine(1), returnId: idOf(9), quantity: 2 };
    const damaged = internal("Restock", { ...back, isDamaged: true });
    const discontinue = command("DiscontinueProduct", {});
    const archive = command("ArchiveProduct", {});
    const state = after(discontinue, archive, damaged);
    expect(state.context.stock).toMatchObject({ onHand: 12, damaged: 2 });
    expect(productAvailable(state.context)).toBe(10);
    expect(productStatus(state)).toBe("ARCHIVED");
    given(productHistory(publish, reserve(1), discontinue))
      .when(archive)
      .refuses("GUARD_FAILED");
  });

  it("is set to what was counted only from where the count began", () => {
    const set = (changedFrom: number) =>
      command("SetStock", { onHand: 7, changedFrom, reason: "count" });
    given(productHistory(publish))
      .when(set(9))
      .refuses("STOCK_CHANGED", { expected: 9, actual: 10 });
    expect(after(set(10)).context.stock.onHand).toBe(7);
  });
});

describe("a planned price", () => {
  const price = { minor: 990, currency: "EUR" };
  const effectiveAt = "2026-03-02T00:00:00.000Z";
  const plan = command("SchedulePrice", { price, effectiveAt });

  it("has a timer until it is applied at its moment", () => {
    const state = after(plan);
    const entered = enteredAfter(productAggregate, {}, { state, version: 3 });
    expect(timersOf(productAggregate, { stream: "s", state }, entered)).toMatchObject([
      { timerId: "s/scheduled-price/3", command: "ApplyScheduledPrice", dueAt: effectiveAt },
    ]);
    given(productHistory(publish, plan))
      .when(internal("ApplyScheduledPrice", {}))
      .refuses("NOT_DUE");
    const applied = after(plan, internal("ApplyScheduledPrice", {}, effectiveAt));
    expect(applied.context).toMatchObject({ price, schedule: null });
    expect(enteredAfter(productAggregate, entered, { state: applied, version: 4 })).toEqual({});
  });

  it("is refused for the past", () => {
    const past = command("SchedulePrice", { price, effectiveAt: "2026-01-01T00:00:00.000Z" });
    given(productHistory(publish)).when(past).refuses("MOMENT_PASSED");
  });
});

describe("reservations", () => {
  const uuid = fc.oneof(fc.uuid(), fc.integer({ min: 0, max: 40 }).map(idOf));
  const one = fc.record({ id: uuid, isAdded: fc.boolean(), quantity: fc.integer({ min: 1 }) });

  it("are a map whose form follows from its content alone", () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (steps) => {
        const plain = new Map<string, Reservation>();
        let trie: Reservations = {};
        for (const { id, isAdded, quantity } of steps) {
          const reservation = { id, orderId, quantity, isCommitted: false };
          if (isAdded) plain.set(id, reservation);
          else plain.delete(id);
          trie = isAdded ? withReservation(trie, reservation) : withoutReservation(trie, id);
        }
        for (const { id } of steps) expect(reservationIn(trie, id)).toEqual(plain.get(id));
        expect(allReservations(trie)).toHaveLength(plain.size);
        const sorted = [...plain.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        const anew = sorted.reduce<Reservations>(
          (root, reservation) => withReservation(root, reservation),
          {},
        );
        expect(trie).toEqual(anew);
      }),
    );
  });
});

it("agrees with a plain count of the same stock, whatever comes", () => {
  const step = fc.record({
    kind: fc.constantFrom("reserve", "commit", "release", "consume", "adjust"),
    index: fc.integer({ min: 1, max: 3 }),
    quantity: fc.integer({ min: 1, max: 6 }),
    isLess: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let state = after();
      const model = createPlainStock(10);
      for (const { kind, index, quantity, isLess } of steps) {
        const delta = isLess ? -quantity : quantity;
        const next = {
          reserve: reserve(quantity, index),
          commit: commit(index),
          release: release(quantity, index),
          consume: consume(quantity, index),
          adjust: adjust(delta),
        }[kind];
        const decision = decide(productAggregate, state, next);
        const told =
          decision.kind === "accepted" ? decision.events[0]?.type : decision.refusal.code;
        expect(told).toBe(model.take(kind, index, kind === "adjust" ? delta : quantity));
        if (decision.kind === "accepted") state = decision.state;
        expect(bucketsOf(state)).toEqual(model.buckets());
      }
    }),
    { numRuns: sampleSize(100, 1_000) },
  );
  expect(initialState(productAggregate).context.stock.onHand).toBe(0);
});

function bucketsOf({ context }: EntityState<ProductContext>) {
  const { onHand, reserved, committed } = context.stock;
  return { onHand, reserved, committed };
}

/** The rules of stock once more, without a statechart and without looking at the real ones. */
function createPlainStock(begin: number) {
  let onHand = begin;
  const held = new Map<number, { units: number; isPromised: boolean }>();
  const sumOf = (isPromised: boolean) =>
    [...held.values()].reduce(
      (sum, one) => sum + (one.isPromised === isPromised ? one.units : 0),
      0,
    );
  const lessen = (index: number, units: number): void => {
    const one = held.get(index);
    if (one === undefined) return;
    one.units -= Math.min(units, one.units);
    if (one.units === 0) held.delete(index);
  };
  return {
    buckets: () => ({ onHand, reserved: sumOf(false), committed: sumOf(true) }),
    take(kind: string, index: number, units: number): string {
      const one = held.get(index);
      if (kind === "reserve") {
        const room = onHand - sumOf(false) - sumOf(true);
        if (one !== undefined || units > room) return "StockReservationDeclined";
        held.set(index, { units, isPromised: false });
        return "StockReserved";
      }
      if (kind === "commit") {
        const isPossible = one?.isPromised === false && sumOf(true) + one.units <= onHand;
        if (!isPossible) return "ReservationCommitDeclined";
        one.isPromised = true;
        return "ReservationCommitted";
      }
      if (kind === "release") {
        lessen(index, units);
        return "ReservationReleased";
      }
      if (kind === "consume") {
        if (one?.isPromised === true) lessen(index, units);
        onHand = Math.max(0, onHand - units);
        return "ReservationConsumed";
      }
      if (onHand + units < 0) return "GUARD_FAILED";
      onHand += units;
      return "StockAdjusted";
    },
  };
}
