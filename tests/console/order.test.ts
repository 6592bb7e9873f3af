import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { activeStates } from "../../machines/index.ts";
import { accepted } from "../journeys/shop.ts";
import { eventually } from "../support/servers.ts";
import { hasNoBrowser, seriousFaults, widthOf } from "./browser.ts";
import { litStates, openConsoleShop, type ConsoleShop } from "./console-shop.ts";

const paymentMethod = { kind: "CARD", token: "tok_approved", label: "4242" };

const addressAt = (house: number) => {
  const line1 = `${String(house)} High Street`;
  return { name: "Ada Lovelace", line1, city: "London", postalCode: "SW1Y 4JH", country: "GB" };
};

describe.skipIf(hasNoBrowser)("the page of an order", () => {
  let shop: ConsoleShop;
  const stateOf = async (orderId: string) => {
    const query = "query State($id: UUID!) { order(id: $id) { state lines { id } } }";
    const { order } = await shop.ask<{
      order: { state: Parameters<typeof activeStates>[0]; lines: { id: string }[] };
    }>(query, { id: orderId });
    return { active: [...activeStates(order.state)].sort(), lines: order.lines };
  };

  beforeAll(async () => {
    shop = await openConsoleShop();
  });

  it("lights where the order stands after each command from cart to refund", async () => {
    const { orderId } = await shop.place();
    const { page, wrongs } = await shop.visit(`orders/${orderId}`);
    await page.locator("[data-freshness=live]").waitFor();
    const lineId = (await stateOf(orderId)).lines[0]?.id ?? "";
    const returnId = async (): Promise<string> => {
      const query = "query Returns($id: UUID!) { order(id: $id) { returns { id } } }";
      const found = await shop.ask<{ order: { returns: { id: string }[] } }>(query, {
        id: orderId,
      });
      return found.order.returns[0]?.id ?? "";
    };
    const lines = [{ lineId, quantity: 1 }];
    const goods = [{ lineId, quantity: 1, disposition: "RESTOCK" }];
    const steps: (() => Promise<void>)[] = [
      () => shop.send("processPayment", { orderId, paymentMethod }),
      () => shop.send("shipOrder", { orderId }),
      () => shop.send("confirmDelivery", { orderId }),
      () => shop.send("requestReturn", { orderId, lines, reason: "too large" }),
      async () => shop.send("approveReturn", { orderId, returnId: await returnId() }),
      async () => shop.send("receiveReturn", { orderId, returnId: await returnId(), goods }),
      () => shop.send("refundOrder", { orderId, lines, reason: "returned" }),
    ];
    const seen = new Set<string>();
    for (const step of [() => Promise.resolve(), ...steps]) {
      await step();
      const { active } = await stateOf(orderId);
      await expect.poll(() => litStates(page)).toEqual(active);
      for (const state of active) seen.add(state);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(["lifecycle.pending", "payment.captured", "payment.refunded"]),
    );
    expect(wrongs).toEqual([]);
  });

  it("goes back in time, to the total and the chart of then", async () => {
    const { orderId } = await shop.place();
    await shop.send("addOrderItem", { orderId, sku: shop.sku, quantity: 2 });
    const { page, wrongs } = await shop.visit(`orders/${orderId}`);
    const total = page.locator('[data-sum="Total to pay"]');
    await expect.poll(() => total.textContent()).toBe("30.00 EUR");
    await page.getByRole("slider", { name: "Version" }).fill("1");
    await page.getByRole("heading", { name: "You look at the past" }).waitFor();
    await expect.poll(() => total.textContent()).toBe("10.00 EUR");
    await page.getByLabel("To version").fill("6");
    const compared = page.getByRole("table", { name: "Status and sums before and after" });
    await compared.getByRole("row", { name: "Total to pay 10.00 EUR 30.00 EUR" }).waitFor();
    expect(await litStates(page)).toContain("reservation.reserving");
    expect(await page.getByRole("button", { name: "Cancel order" }).isDisabled()).toBe(true);
    await page.waitForURL(/version=1$/);
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await expect.poll(() => total.textContent()).toBe("30.00 EUR");
    expect(wrongs).toEqual([]);
  });

  it("finds its way in a history of a thousand events", async () => {
    const { orderId } = await shop.place();
    const move = (house: number): Promise<unknown> =>
      accepted(shop, "updateShippingAddress", {
        orderId,
        personal: { shippingAddress: addressAt(house) },
      });
    for (let house = 1; house <= 1_000; house += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, next) => move(house + next)));
    }
    const { page, wrongs } = await shop.visit(`orders/${orderId}`);
    await page.getByText("Version 1004 of 1004").waitFor();
    const shown = page.locator(".history li.shown");
    await expect.poll(() => shown.getAttribute("data-version")).toBe("1004");
    const slider = page.getByRole("slider", { name: "Version" });
    await slider.fill("1");
    await shown.getByText("Order created").waitFor();
    await slider.fill("500");
    await expect.poll(() => shown.getAttribute("data-version")).toBe("500");
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await expect.poll(() => shown.getAttribute("data-version")).toBe("1004");
    expect(wrongs).toEqual([]);
  });

  it("says why a command is refused, before and after somebody has tried", async () => {
    const { orderId } = await shop.place();
    const { page } = await shop.visit(`orders/${orderId}`);
    const refused = page.locator("[data-refused=ShipOrder]");
    await refused.getByText("ShipOrder needs lifecycle to be confirmed").waitFor();
    expect(await refused.getByRole("button").isDisabled()).toBe(true);
    await expect(shop.send("shipOrder", { orderId })).rejects.toThrow("INVALID_TRANSITION");
    await page.reload();
    const entry = page.locator(".history li", { hasText: "Refused: Ship order" });
    await entry.getByText("INVALID_TRANSITION").waitFor();
    await entry.getByText("by operator (operator)").waitFor();
  });

  it("sends a command by its form, and compares the versions before and after", async () => {
    const { orderId } = await shop.place();
    const { page, wrongs } = await shop.visit(`orders/${orderId}`);
    await page.getByRole("button", { name: "Cancel order" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Reason").selectOption("customer");
    await form.getByLabel("Note (optional)").fill("changed her mind");
    await form.getByRole("button", { name: "Cancel order" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("Cancelled, reason: customer, “changed her mind”").waitFor();
    // The timeline says what each event was about, without opening its data.
    await page
      .locator(".history .essence", { hasText: "note: changed her mind" })
      .first()
      .waitFor();
    await page.getByRole("cell", { name: "none held" }).waitFor();
    const entry = page.locator(".history li", { hasText: "Order cancelled" }).first();
    const [version] = /version \d+/.exec((await entry.textContent()) ?? "") ?? [];
    // What is chosen stays, so the page must have come to the end by itself.
    await page.getByRole("heading", { name: `and ${String(version)}` }).waitFor();
    await page.getByLabel("From version").fill("4");
    await page.getByRole("row", { name: /regions\.lifecycle pending cancelled/ }).waitFor();
    expect(wrongs).toEqual([]);
  });

  it("shows the second of two operators the conflict and the new state", async () => {
    const { orderId } = await shop.place();
    const { page } = await shop.visit(`orders/${orderId}`);
    await page.locator("[data-freshness=live]").waitFor();
    await page.getByRole("button", { name: "Cancel order" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Reason").selectOption("staff");
    await shop.send("holdOrder", { orderId, reason: "is this address right?" });
    await form.getByRole("button", { name: "Cancel order" }).click();
    await form.getByText("Somebody was quicker").waitFor();
    await form.getByText("VERSION_CONFLICT").waitFor();
    await page.getByText("Held back: is this address right?").waitFor();
  });

  it("is clear about an order that does not exist", async () => {
    for (const id of [randomUUID(), "nonsense"]) {
      const { page, wrongs } = await shop.visit(`orders/${id}`);
      await page.getByRole("heading", { name: "There is no such order" }).waitFor();
      expect(wrongs).toEqual([]);
    }
  });

  it("shows what people write as text, whatever they write", async () => {
    const evil = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
    const personal = {
      contact: { name: evil, email: "ada@example.com" },
      shippingAddress: {
        name: evil,
        line1: evil,
        city: evil,
        postalCode: "SW1Y 4JH",
        country: "GB",
      },
    };
    const { orderId } = await shop.place({ personal });
    await shop.send("holdOrder", { orderId, reason: evil });
    for (const path of [`orders/${orderId}`, "orders", "board"]) {
      const { page, wrongs } = await shop.visit(path);
      await page.getByText(evil).first().waitFor();
      expect(await page.evaluate("window.broken")).toBeUndefined();
      expect(wrongs).toEqual([]);
    }
  });

  it("is free of serious faults for everybody's use, and fits a phone", async () => {
    const { orderId } = await shop.place();
    await expect(shop.send("shipOrder", { orderId })).rejects.toThrow();
    const { page } = await shop.visit(`orders/${orderId}?version=2`);
    await page.getByRole("heading", { name: "You look at the past" }).waitFor();
    await eventually(async () => (await litStates(page)).length > 0);
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => widthOf(page)).toBeLessThanOrEqual(360);
  });
});
