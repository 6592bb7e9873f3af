import { beforeAll, describe, expect, test } from "vitest";
import { createMachine } from "xstate";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;
let base: string;

beforeAll(async () => {
  shop = await openShop();
  base = new URL(shop.url).origin;
});

describe("the charts", () => {
  test.each([
    ["/charts/order.svg", "image/svg+xml", "<svg "],
    ["/charts/product.mmd", "text/vnd.mermaid; charset=utf-8", "stateDiagram-v2"],
    ["/charts/product.json", "application/json", '{"id":"product"'],
    ["/charts/order.drawing.json", "application/json", '{"graph":'],
  ])("are served at %s", async (path, type, beginning) => {
    const response = await fetch(base + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect((await response.text()).startsWith(beginning)).toBe(true);
  });

  test.each(["/charts/customer.svg", "/charts/order.exe", "/charts/", "/charts/../order.svg"])(
    "of nothing are not found: %s",
    async (path) => {
      expect((await fetch(base + path)).status).toBe(404);
    },
  );

  test("take nothing", async () => {
    expect((await fetch(`${base}/charts/order.svg`, { method: "POST" })).status).toBe(405);
  });
});

test("an order shows where it stands in its chart and what its reader may do next", async () => {
  await sell(shop, "CHART-1");
  const input = orderOf("CHART-1", { consistency: "STRONG" });
  const { order } = await run(shop, shop.customer(), ["createOrder", "order", input]);
  const { data } = await shop.ask<{ order: { svg: string }; chart: string }>(
    shop.customer(),
    `query ($id: UUID!) {
      order(id: $id) { svg: chart(format: SVG) }
      chart(of: ORDER, format: JSON)
    }`,
    { id: order?.["id"] },
  );
  expect(data?.order.svg).toContain('class="state on" data-state="lifecycle.pending"');
  expect(data?.order.svg).toContain('class="edge can" data-from="lifecycle.pending"');
  expect(createMachine(JSON.parse(data?.chart ?? "{}") as object).id).toBe("order");
});
