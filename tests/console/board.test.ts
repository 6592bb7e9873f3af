import type { Browser, Page } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accepted, orderOf, publishedProduct, type Door } from "../journeys/shop.ts";
import { startStatecartProcess, type StatecartProcess } from "../support/statecart-process.ts";
import { hasNoBrowser, openBrowser, seriousFaults, visit } from "./browser.ts";

describe.skipIf(hasNoBrowser)("the board of the console", () => {
  let browser: Browser;
  let statecart: StatecartProcess;
  let sku: string;
  const address = (): string => statecart.graphql.replace(/graphql$/, "console/board");
  const place = async (door: Door) => {
    const input = { ...orderOf(sku), customerId: "ada", consistency: "SETTLED" };
    const { order } = await accepted(door, "createOrder", input);
    return { orderId: String(order?.id), number: String(order?.number) };
  };
  const inColumn = (page: Page, status: string, number: string) =>
    page.locator(`[data-status=${status}] [data-order="${number}"]`);

  beforeAll(async () => {
    browser = await openBrowser();
  });

  // One of them kills it.
  beforeEach(async () => {
    statecart = await startStatecartProcess();
    sku = await publishedProduct(statecart);
  });

  it("shows an order where it stands, and moves it as things happen to it", async () => {
    const { page, wrongs } = await visit(browser, address());
    await page.locator("[data-freshness=live]").waitFor();
    const { orderId, number } = await place(statecart);
    await inColumn(page, "PENDING", number).waitFor();
    const paymentMethod = { kind: "CARD", token: "tok_approved" };
    await accepted(statecart, "processPayment", { orderId, paymentMethod, consistency: "SETTLED" });
    await inColumn(page, "PROCESSING", number).waitFor();
    await inColumn(page, "PENDING", number).waitFor({ state: "detached" });
    await accepted(statecart, "shipOrder", { orderId, consistency: "SETTLED" });
    await inColumn(page, "SHIPPED", number).waitFor();
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  it("survives the death of the gateway, and misses nothing of what happens then", async () => {
    const before = await place(statecart);
    const { page, wrongs } = await visit(browser, address());
    await inColumn(page, "PENDING", before.number).waitFor();
    await statecart.kill();
    await page.locator("[data-freshness=resuming]").waitFor();
    statecart = await statecart.restart();
    await accepted(statecart, "cancelOrder", { orderId: before.orderId, reason: "CUSTOMER" });
    const after = await place(statecart);
    await page.locator("[data-freshness=live]").waitFor();
    await inColumn(page, "CANCELLED", before.number).waitFor();
    await inColumn(page, "PENDING", after.number).waitFor();
    expect(await inColumn(page, "PENDING", before.number).count()).toBe(0);
    expect(wrongs).toEqual([]);
  });
});
