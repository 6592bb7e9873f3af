import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { hasNoBrowser, seriousFaults, widthOf } from "./browser.ts";
import { litStates, openConsoleShop, type ConsoleShop } from "./console-shop.ts";

describe.skipIf(hasNoBrowser)("the page of a product", () => {
  let shop: ConsoleShop;
  let productId: string;

  beforeAll(async () => {
    shop = await openConsoleShop();
    const query = "query Product($sku: String!) { productBySku(sku: $sku) { id } }";
    const found = await shop.ask<{ productBySku: { id: string } }>(query, { sku: shop.sku });
    productId = found.productBySku.id;
  });

  it("shows stock, chart and the order that holds units, and follows them", async () => {
    const { page, wrongs } = await shop.visit(`products/${productId}`);
    await page.locator("[data-freshness=live]").waitFor();
    await page.getByText("No order holds any units").waitFor();
    const { orderId } = await shop.place();
    await page.getByRole("link", { name: orderId }).waitFor();
    await page.getByRole("row", { name: /^Reserved.* 1$/ }).waitFor();
    expect(await litStates(page)).toEqual(["lifecycle.active", "price.current"]);
    await page.getByRole("link", { name: orderId }).click();
    await page.waitForURL(shop.address(`orders/${orderId}`));
    expect(wrongs).toEqual([]);
  });

  it("takes an exact amount for a new price, and keeps the history of prices", async () => {
    const { page, wrongs } = await shop.visit(`products/${productId}`);
    await page.getByRole("button", { name: "Change price" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Price").fill("1234567.1");
    await form.getByRole("button", { name: "Change price" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByRole("row", { name: "1234567.10 EUR Price changed operator" }).waitFor();
    await page.getByRole("row", { name: "10.00 EUR Product created operator" }).waitFor();
    expect(wrongs).toEqual([]);
  });

  it("is clear about a product that does not exist", async () => {
    const { page } = await shop.visit(`products/${randomUUID()}`);
    await page.getByRole("heading", { name: "There is no such product" }).waitFor();
  });

  it("is free of serious faults for everybody's use, and fits a phone", async () => {
    const { page } = await shop.visit(`products/${productId}`);
    await page.locator("[data-lit=true]").first().waitFor();
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => widthOf(page)).toBeLessThanOrEqual(360);
  });
});
