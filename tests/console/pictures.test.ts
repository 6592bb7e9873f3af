import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { accepted, type Inputs } from "../journeys/shop.ts";
import { testFolder } from "../support/servers.ts";
import { hasNoBrowser } from "./browser.ts";
import { openConsoleShop, type ConsoleShop } from "./console-shop.ts";

/** `npm run docs:pictures` puts them where README and docs show them. */
const isForDocs = process.env["PICTURES"] === "1";
const BYTES_MAX = 300 * 1_024;

const goods: readonly (readonly [sku: string, name: string, category: string, minor: number])[] = [
  ["TEA-ASSAM", "Assam, 100 g", "Tea", 890],
  ["TEA-SENCHA", "Sencha, 100 g", "Tea", 1_190],
  ["POT-IRON", "Cast iron pot", "Teaware", 6_400],
  ["CUP-BLUE", "Blue cup", "Teaware", 1_450],
];

/** How far each order goes: what is bought, and the commands that follow. */
const orders: readonly (readonly [buys: string, ...steps: string[]])[] = [
  ["POT-IRON CUP-BLUE", "pay", "ship", "deliver", "refund"],
  ["TEA-ASSAM", "pay", "ship", "deliver"],
  ["TEA-SENCHA CUP-BLUE", "pay", "ship", "deliver"],
  ["TEA-SENCHA", "pay", "ship"],
  ["POT-IRON", "pay", "ship"],
  ["CUP-BLUE", "pay"],
  ["TEA-ASSAM TEA-SENCHA", "pay"],
  ["TEA-ASSAM"],
  ["POT-IRON TEA-ASSAM"],
  ["CUP-BLUE", "hold"],
  ["TEA-SENCHA", "cancel"],
];

const steps: Readonly<Record<string, readonly [name: string, input: Inputs]>> = {
  pay: ["processPayment", { paymentMethod: { kind: "CARD", token: "tok_approved" } }],
  ship: ["shipOrder", { tracking: { carrier: "DHL", number: "JD0123456789" } }],
  deliver: ["confirmDelivery", {}],
  refund: ["refundOrder", { amount: { minor: 640, currency: "EUR" }, reason: "a scratch" }],
  hold: ["holdOrder", { reason: "the address does not exist" }],
  cancel: ["cancelOrder", { reason: "CUSTOMER" }],
};

describe.skipIf(hasNoBrowser)("pictures of the console", () => {
  let shop: ConsoleShop;
  let folder: string;
  const ids: string[] = [];
  let potId = "";

  beforeAll(async () => {
    shop = await openConsoleShop();
    folder = isForDocs ? join(import.meta.dirname, "../../docs/pictures") : await testFolder();
    mkdirSync(folder, { recursive: true });
    for (const [sku, name, category, minor] of goods) {
      const price = { minor, currency: "EUR" };
      const input = { sku, name, category, price, onHand: 40 };
      const { product } = await accepted(shop, "createProduct", input);
      const productId = product?.id;
      await accepted(shop, "publishProduct", { productId, consistency: "STRONG" });
      if (sku === "POT-IRON") potId = String(productId);
    }
    for (const [buys, ...followed] of orders) {
      const items = buys.split(" ").map((sku, index) => ({ sku, quantity: index + 1 }));
      const { orderId } = await shop.place({ items });
      ids.push(orderId);
      for (const step of followed) {
        const [name, input] = steps[step] ?? ["", {}];
        await shop.send(name, { ...input, orderId });
      }
    }
  });

  /** Takes what a visitor sees at first, small enough to be kept in the repository. */
  const take = async (page: Page, name: string): Promise<void> => {
    await page.locator("[data-freshness=live]").waitFor();
    await page.waitForLoadState("networkidle");
    const path = join(folder, `console-${name}.png`);
    await page.screenshot({ path, animations: "disabled" });
    expect(statSync(path).size).toBeLessThanOrEqual(BYTES_MAX);
  };

  for (const [name, path, shown] of [
    ["board", () => "board", "[data-status=DELIVERED] [data-order]"],
    ["orders", () => "orders", "tbody tr"],
    ["order", () => `orders/${ids[0] ?? ""}`, "[data-lit=true]"],
    ["product", () => `products/${potId}`, "[data-lit=true]"],
    ["reports", () => "reports", ".plot-up"],
    ["system", () => "system", "[data-projector]"],
  ] as const) {
    it(`show the page as it is: ${name}`, async () => {
      const { page, wrongs } = await shop.visit(path());
      await page.locator(shown).first().waitFor();
      await take(page, name);
      expect(wrongs).toEqual([]);
    });
  }

  it("show it by night", async () => {
    const { page } = await shop.visit("board");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("[data-status=DELIVERED] [data-order]").first().waitFor();
    await take(page, "board-dark");
  });
});
