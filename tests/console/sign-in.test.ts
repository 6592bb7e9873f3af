import { join } from "node:path";
import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openShop, orderOf, run, sell, type Shop } from "../gateway/shop.ts";
import { hasNoBrowser, openBrowser, visit } from "./browser.ts";

const consoleFolder = join(import.meta.dirname, "../../console/dist");

describe.skipIf(hasNoBrowser)("signing in to the console", () => {
  let shop: Shop;
  let browser: Browser;
  let number: string;
  const address = (path: string): string => shop.url.replace(/graphql$/, `console/${path}`);
  const token = (lifetimeS: number): string =>
    shop.signer.sign({
      sub: "olga",
      scope: "operator",
      exp: Math.floor(Date.now() / 1_000) + lifetimeS,
    });

  beforeAll(async () => {
    [shop, browser] = await Promise.all([openShop({ consoleFolder }), openBrowser()]);
    await sell(shop, "TEA-1");
    const input = orderOf("TEA-1", { consistency: "STRONG", customerId: "ada" });
    const { order } = await run(shop, shop.operator, ["createOrder", "order", input]);
    number = String(order?.["number"]);
  });

  it("asks for a token, says what is wrong with one, and leads to the view asked for", async () => {
    const { page, wrongs } = await visit(browser, address("orders?sort=oldest"));
    await page.getByLabel("Operator token").fill("nonsense");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This is not a token").waitFor();
    await page.getByLabel("Operator token").fill(shop.customer());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This token is a customer’s").waitFor();
    await page.getByLabel("Operator token").fill(token(-1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This token has expired already").waitFor();
    await page.getByLabel("Operator token").fill(token(600));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: number }).waitFor();
    expect(page.url()).toBe(address("orders?sort=oldest"));
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You have signed out").waitFor();
    expect(await page.getByRole("link", { name: number }).count()).toBe(0);
    expect(wrongs).toEqual([]);
  });

  it("asks anew when a token has expired, and goes on in the same view", async () => {
    const { page, wrongs } = await visit(browser, address("orders?sort=changed"));
    await page.getByLabel("Operator token").fill(token(6));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: number }).waitFor();
    const again = page.getByRole("dialog", { name: "Sign in again" });
    await again.waitFor();
    await page.getByText("The token has expired").waitFor();
    await page.getByLabel("Operator token").fill(token(600));
    await page.getByRole("button", { name: "Sign in" }).click();
    await again.waitFor({ state: "detached" });
    expect(page.url()).toBe(address("orders?sort=changed"));
    await page.locator("[data-freshness=live]").waitFor();
    await page.getByRole("link", { name: number }).waitFor();
    expect(wrongs).toEqual([]);
  });

  it("shows why a token of nobody the gateway knows is refused", async () => {
    const { page } = await visit(browser, address("orders"));
    const [header, claims] = token(600).split(".");
    await page.getByLabel("Operator token").fill(`${String(header)}.${String(claims)}.forged`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("dialog").getByText("The token is not valid").waitFor();
  });
});
