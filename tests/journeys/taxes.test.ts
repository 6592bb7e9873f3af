import { expect, test } from "vitest";
import { startStatecartHere } from "../support/statecart-here.ts";
import { onSale, peopleAt, type People } from "./domain.ts";
import { orderOf } from "./shop.ts";

const query = `query ($id: UUID!) { order(id: $id) { total { minor }
  costs { taxes { name rateBasisPoints isInclusive base { minor } amount { minor } } } } }`;

async function taxed(shop: People, address: object): Promise<object> {
  const { sku } = await onSale(shop);
  const input = orderOf(sku) as { personal: { shippingAddress: object } };
  const shippingAddress = { ...input.personal.shippingAddress, ...address };
  const personal = { ...input.personal, shippingAddress };
  const { id } = await shop.order("customer", "createOrder", { ...input, personal });
  return await shop.ask("customer", query, { id });
}

test("taxes are in the price or on top of it, by the country of an order", async () => {
  const statecart = await startStatecartHere({
    STATECART_TAXES: "GB: VAT 2000 inclusive; CA: GST 500, PST 700",
  });
  const shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
  expect(await taxed(shop, {})).toMatchObject({
    order: {
      total: { minor: 1_000 },
      costs: { taxes: [{ name: "VAT", isInclusive: true, amount: { minor: 167 } }] },
    },
  });
  const canada = { country: "CA", region: "BC", city: "Victoria", postalCode: "V8W 1P6" };
  expect(await taxed(shop, canada)).toMatchObject({
    order: {
      total: { minor: 1_120 },
      costs: { taxes: [{ name: "GST", amount: { minor: 50 } }, { amount: { minor: 70 } }] },
    },
  });
  const france = { country: "FR", city: "Paris", postalCode: "75001" };
  expect(await taxed(shop, france)).toMatchObject({
    order: { total: { minor: 1_000 }, costs: { taxes: [] } },
  });
});
