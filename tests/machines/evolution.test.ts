/** Streams as released versions have written them; no file here is ever changed again. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  allowedCommands,
  applyEvent,
  decide,
  initialState,
  orderAggregate,
  orderStatus,
  orderTotal,
  upcast,
} from "../../machines/index.ts";
import type { DomainEvent } from "../../machines/index.ts";
import { NOW, ada, command } from "./samples.ts";
import { fold } from "./specification.ts";

function golden(name: string): readonly DomainEvent[] {
  const file = new URL(`golden/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as DomainEvent[];
}

describe("a stored stream", () => {
  it.each([
    ["order-v1-pending", "PENDING", 6250],
    ["order-v1-cancelled", "CANCELLED", 5000],
    ["order-v2-delivered", "DELIVERED", 2500],
  ])("of %s leads to %s", (name, status, minor) => {
    const state = fold(orderAggregate, golden(name));
    expect(orderStatus(state)).toBe(status);
    expect(orderTotal(state.context)).toEqual({ minor, currency: "EUR" });
    expect(state.context).toMatchObject({ createdAt: NOW, discounts: [], taxes: [] });
    expect(allowedCommands(orderAggregate, state, ada).length).toBeGreaterThan(10);
  });

  it("of version 1 gets what version 2 added, and a deadline like every order's", () => {
    const [created] = golden("order-v1-pending");
    if (created === undefined) throw new Error("the stream is empty");
    expect(created.schemaVersion).toBe(1);
    const current = upcast(orderAggregate, created);
    expect(current).toMatchObject({ type: "OrderCreated", schemaVersion: 2 });
    expect(orderAggregate.events["OrderCreated"]?.schema.parse(current.data)).toEqual(current.data);
    expect(current.data).toMatchObject({ expiresAt: "2026-03-01T12:15:00.000Z" });
  });

  it("of version 1 begins to reserve its stock with the next command", () => {
    const state = fold(orderAggregate, golden("order-v1-pending"));
    const decision = decide(orderAggregate, state, command("HoldOrder", { reason: "look" }));
    expect(decision).toMatchObject({
      events: [{ type: "OrderHeld" }, { type: "LineReservationRequested" }],
    });
  });

  it("that cannot be folded names its event and version", () => {
    const [created] = golden("order-v1-pending");
    if (created === undefined) throw new Error("the stream is empty");
    const start = initialState(orderAggregate);
    expect(() => applyEvent(orderAggregate, start, { ...created, schemaVersion: 3 })).toThrow(
      expect.objectContaining({
        code: "REPLAY_FAULT",
        message: expect.stringContaining("OrderCreated v3"),
      }),
    );
    const stray = { type: "LineCommitted", schemaVersion: 1, data: { lineId: "x" } };
    expect(() => applyEvent(orderAggregate, start, stray)).toThrow(
      expect.objectContaining({ code: "REPLAY_FAULT" }),
    );
  });
});
