import { expect, test } from "vitest";
import { eventually } from "../support/servers.ts";
import { openShopfront, paid, reserved } from "./domain.ts";

test("with capture on shipment money is held first and taken when the goods leave", async () => {
  const shop = await openShopfront({ STATECART_CAPTURE: "ON_SHIPMENT" });
  const order = await paid(shop);
  expect(order).toMatchObject({
    status: "PROCESSING",
    money: { captured: { minor: 0 }, due: { minor: 2_000 } },
  });
  const shipped = await shop.order("operator", "shipOrder", { orderId: order.id });
  expect(shipped).toMatchObject({
    status: "SHIPPED",
    money: { captured: { minor: 2_000 }, due: { minor: 0 } },
  });
});

test("an order that is not paid in time expires and gives its stock back", async () => {
  const shop = await openShopfront({ STATECART_ORDER_EXPIRY_MS: "1000" });
  const { id, lines } = await reserved(shop);
  const query = `query ($id: UUID!, $sku: String!) {
    order(id: $id) { status isSettled expiresAt }
    productBySku(sku: $sku) { stock { reserved available } } }`;
  const variables = { id, sku: lines[0]?.sku };
  await eventually(async () => {
    const { order } = await shop.ask<{ order: { status: string; isSettled: boolean } }>(
      "customer",
      query,
      variables,
    );
    return order.status === "EXPIRED" && order.isSettled;
  });
  const ended = { status: "EXPIRED", isSettled: true, expiresAt: null };
  expect(await shop.ask("customer", query, variables)).toEqual({
    order: ended,
    productBySku: { stock: { reserved: 0, available: 10 } },
  });
});
