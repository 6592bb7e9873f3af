import type { Browser, Page } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onSale, peopleAt, type People } from "../journeys/domain.ts";
import { orderOf } from "../journeys/shop.ts";
import { startStatecartHere } from "../support/statecart-here.ts";
import { hasNoBrowser, openBrowser, seriousFaults, visit, widthOf } from "./browser.ts";

describe.skipIf(hasNoBrowser)("the reports of the console", () => {
  let browser: Browser;
  let shop: People;
  let base: string;
  const address = (query = ""): string => `${base}/console/reports${query}`;
  const total = (page: Page, name: string, text: string) =>
    page.locator(`[data-total=${name}]`, { hasText: text });

  /** An order of two units, paid and delivered. */
  const sold = async (sku: string) => {
    const items = [{ sku, quantity: 2 }];
    const { id: orderId } = await shop.order("customer", "createOrder", { ...orderOf(sku), items });
    const paymentMethod = { kind: "CARD", token: "tok_approved" };
    await shop.order("customer", "processPayment", { orderId, paymentMethod });
    await shop.order("operator", "shipOrder", { orderId });
    await shop.order("operator", "confirmDelivery", { orderId });
    return orderId;
  };

  beforeAll(async () => {
    browser = await openBrowser();
  });

  // A report is about all that there is.
  beforeEach(async () => {
    const statecart = await startStatecartHere();
    base = new URL(statecart.running.graphql).origin;
    shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
  });

  it("say so when nothing was sold", async () => {
    const { page, wrongs } = await visit(browser, address());
    await page.getByText("Nothing was captured and nothing paid back").waitFor();
    await page.getByText("No order was placed in this period").waitFor();
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  it("show what was earned, and follow what is earned from then on", async () => {
    const pot = await onSale(shop, { category: "Pots" });
    const cup = await onSale(shop, { category: "Cups", price: { minor: 305, currency: "EUR" } });
    const orderId = await sold(pot.sku);
    await sold(cup.sku);
    const amount = { minor: 450, currency: "EUR" };
    await shop.order("operator", "refundOrder", { orderId, amount, reason: "a scratch" });

    const { page, wrongs } = await visit(browser, address("?zone=Pacific/Auckland"));
    await total(page, "gross", "26.10 EUR").waitFor();
    await total(page, "refunds", "4.50 EUR").waitFor();
    await total(page, "net", "21.60 EUR").waitFor();
    const row = (name: string) => page.getByRole("row", { name });
    expect(await row(pot.sku).innerText()).toMatch(/20\.00 EUR\s+4\.50 EUR\s+15\.50 EUR/);
    expect(await row("Cups").innerText()).toMatch(/6\.10 EUR\s+0\.00 EUR\s+6\.10 EUR/);
    expect(await page.locator("[data-status=DELIVERED]").innerText()).toMatch(/2\s+26\.10 EUR/);
    await page.locator("[data-stay=SHIPPED]").waitFor();
    const drawn = page.locator("[data-column]:has(.plot-up):has(.plot-down) title");
    expect(await drawn.textContent()).toContain("gross 26.10 EUR, refunds 4.50 EUR");

    await page.locator("[data-freshness=live]").waitFor();
    await sold(cup.sku);
    await total(page, "gross", "32.20 EUR").waitFor();
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await expect.poll(() => widthOf(page)).toBeLessThanOrEqual(360);
    expect(wrongs).toEqual([]);
  });

  it("keep what is chosen in the address, and take it from there", async () => {
    const yen = await onSale(shop, { price: { minor: 700, currency: "JPY" } });
    await shop.order("customer", "createOrder", { ...orderOf(yen.sku), currency: "JPY" });
    await sold((await onSale(shop, {})).sku);
    const { page } = await visit(browser, address());
    await page.getByLabel("Currency").selectOption("JPY");
    await page.getByText("Nothing was captured and nothing paid back").waitFor();
    await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
    await page.getByLabel("From").fill("2026-01-01");
    await page.getByRole("combobox", { name: "By" }).selectOption("Month");
    await page.waitForURL(address("?by=month&currency=JPY&from=2026-01-01&zone=Asia%2FTokyo"));
    const again = await visit(browser, page.url());
    await again.page.getByText("Nothing was captured and nothing paid back").waitFor();
    expect(await again.page.getByLabel("Time zone").inputValue()).toBe("Asia/Tokyo");
    await again.page.getByLabel("Currency").selectOption("EUR");
    await again.page.getByRole("heading", { name: "By month" }).waitFor();
  });

  it("take nonsense in the address for nothing, and say what is too much", async () => {
    await sold((await onSale(shop, {})).sku);
    const { page, wrongs } = await visit(
      browser,
      address("?zone=Nowhere&currency=<b>&by=hour&from=2026-02-30&through=$gt"),
    );
    await total(page, "gross", "EUR").waitFor();
    await page.goto(address("?from=1990-01-01&currency=XXQ"));
    await page.getByRole("alert").first().waitFor();
    expect(await page.getByRole("alert").allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining("BAD_USER_INPUT")]),
    );
    expect(wrongs).toEqual([]);
  });
});
