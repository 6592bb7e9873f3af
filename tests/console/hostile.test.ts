import { beforeAll, describe, expect, it } from "vitest";
import { accepted } from "../journeys/shop.ts";
import { hasNoBrowser } from "./browser.ts";
import { openConsoleShop, type ConsoleShop } from "./console-shop.ts";

const evil = `"><img src=x onerror="window.broken=1"><script>window.broken=1</script>{{7*7}}`;
const address = {
  name: evil,
  line1: evil,
  city: evil,
  postalCode: "SW1Y 4JH",
  country: "GB",
};
const personal = {
  contact: { name: evil, email: "eve@example.com" },
  shippingAddress: address,
};

describe.skipIf(hasNoBrowser)("what people wrote, on the console", () => {
  let shop: ConsoleShop;
  let number: string;
  let productId: string;

  beforeAll(async () => {
    shop = await openConsoleShop();
    const price = { minor: 1_000, currency: "EUR" };
    const input = { sku: "EVIL-1", name: evil, category: evil, description: evil, onHand: 9 };
    const { product } = await accepted(shop, "createProduct", { ...input, price });
    productId = String(product?.id);
    await accepted(shop, "publishProduct", { productId, consistency: "STRONG" });
    const items = [{ sku: "EVIL-1", quantity: 2 }];
    const placed = await shop.place({ items, personal, customerId: evil });
    ({ number } = placed);
    const { orderId } = placed;
    const paymentMethod = {
      kind: "CARD",
      token: "tok_approved",
      label: "<script>broken=1</script>",
    };
    await shop.send("processPayment", { orderId, paymentMethod });
    await shop.send("holdOrder", { orderId, reason: evil });
  });

  for (const [path, shown] of [
    ["orders", 1],
    ["products", 2],
    ["board", 0],
    ["reports", 1],
  ] as const) {
    it(`is text and does nothing: ${path}`, async () => {
      const { page, wrongs } = await shop.visit(path);
      if (path === "products") await page.getByText("EVIL-1").waitFor();
      else if (path === "reports") await page.getByRole("row", { name: "EVIL-1" }).waitFor();
      else await page.getByText(number).waitFor();
      await page.locator("[data-freshness=live]").waitFor();
      if (shown > 0) await expect.poll(() => texts()).toBeGreaterThanOrEqual(shown);
      expect(await page.locator("img, [onerror], main script").count()).toBe(0);
      expect(await page.evaluate("window.broken")).toBeUndefined();
      expect(wrongs).toEqual([]);

      async function texts(): Promise<number> {
        return (await page.locator("main").innerText()).split(evil).length - 1;
      }
    });
  }

  it("is text and does nothing: the page of a product", async () => {
    const { page, wrongs } = await shop.visit(`products/${productId}`);
    await page.getByText(evil).first().waitFor();
    expect(await page.locator("img, [onerror], main script").count()).toBe(0);
    expect(await page.evaluate("window.broken")).toBeUndefined();
    expect(wrongs).toEqual([]);
  });

  it("does nothing in an address either", async () => {
    const { page, wrongs } = await shop.visit(`orders?text=${encodeURIComponent(evil)}`);
    await page.getByRole("heading", { name: "Orders" }).waitFor();
    expect(await page.getByLabel("Words", { exact: true }).inputValue()).toBe(evil);
    await page.goto(shop.address(`reports?zone=${encodeURIComponent(evil)}`));
    await page.getByRole("heading", { name: "Reports" }).waitFor();
    await page.goto(shop.address(`orders/${encodeURIComponent(evil)}`));
    await page.locator("main h1").waitFor();
    expect(await page.evaluate("window.broken")).toBeUndefined();
    expect(wrongs).toEqual([]);
  });
});
