import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { accepted, orderOf, publishedProduct, type Door } from "../journeys/shop.ts";
import { startStatecartHere } from "../support/statecart-here.ts";
import { hasNoBrowser, openBrowser, seriousFaults, visit, widthOf } from "./browser.ts";

describe.skipIf(hasNoBrowser)("the lists of the console", () => {
  let browser: Browser;
  let door: Door;
  let sku: string;
  const address = (path: string): string => door.graphql.replace(/graphql$/, `console/${path}`);
  const place = async (customerId: string) => {
    const input = { ...orderOf(sku), customerId, consistency: "STRONG" };
    const { order } = await accepted(door, "createOrder", input);
    return { id: String(order?.id), number: String(order?.number) };
  };

  beforeAll(async () => {
    const [statecart, started] = await Promise.all([startStatecartHere(), openBrowser()]);
    const { graphql, tokens } = statecart.running;
    if (tokens === undefined) throw new Error("development makes tokens");
    browser = started;
    door = { graphql, tokens };
    sku = await publishedProduct(door);
  });

  it("signs in by itself in development, and shows an order as soon as it is placed", async () => {
    const { page, wrongs } = await visit(browser, address("orders"));
    await page.locator("[data-freshness=live]").waitFor();
    const { number } = await place("ada");
    await page.getByRole("link", { name: number }).waitFor();
    expect(wrongs).toEqual([]);
  });

  it("keeps filter and order in the address, and takes them from it", async () => {
    const [mine, other] = [await place("grace"), await place("linus")];
    const { page } = await visit(browser, address("orders"));
    await page.getByLabel("Customer’s id").fill("grace");
    await page.getByRole("link", { name: other.number }).waitFor({ state: "detached" });
    await page.getByLabel("Sorted by").selectOption("Oldest first");
    await page.waitForURL(address("orders?customer=grace&sort=oldest"));
    const again = await visit(browser, page.url());
    await again.page.getByRole("link", { name: mine.number }).waitFor();
    expect(await again.page.getByRole("link", { name: other.number }).count()).toBe(0);
    expect(await again.page.getByLabel("Customer’s id").inputValue()).toBe("grace");
    await again.page.getByLabel("Words", { exact: true }).fill(other.number);
    await again.page.getByText("No order is like that").waitFor();
  });

  it("finds an order by its number from the keyboard", async () => {
    const { id, number } = await place("ada");
    const { page } = await visit(browser, address("products"));
    await page.getByRole("link", { name: sku }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(number);
    await page.keyboard.press("Enter");
    await page.waitForURL(address(`orders/${id}`));
  });

  it("turns pages", async () => {
    await Promise.all(Array.from({ length: 26 }, () => place("mary")));
    const { page } = await visit(browser, address("orders?customer=mary"));
    await page.getByText("26 orders").waitFor();
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(25);
    await page.getByRole("button", { name: "Next page" }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole("button", { name: "Previous page" }).click();
    await expect.poll(() => rows.count()).toBe(25);
  });

  for (const path of ["board", "orders", "products", "reports", "system", "nowhere"]) {
    it(`is free of serious faults for everybody's use: ${path}`, async () => {
      const { page, wrongs } = await visit(browser, address(path));
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      await expect.poll(() => seriousFaults(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await expect.poll(() => seriousFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await expect.poll(() => widthOf(page)).toBeLessThanOrEqual(360);
      expect(wrongs).toEqual([]);
    });
  }
});
