import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../support/graphql.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  await sell(shop, "TEA-1");
});

describe("a mutation", () => {
  test("answers with the order right after the command, at today's prices", async () => {
    const input = orderOf("tea-1", { items: [{ sku: "tea-1", quantity: 2 }] });
    const { order, version, errors } = await run(shop, shop.customer(), [
      "createOrder",
      "order",
      input,
    ]);
    expect(errors).toEqual([]);
    expect(version).toBe(2);
    expect(order).toMatchObject({
      version: 2,
      status: "PENDING",
      customerId: "ada",
      lines: [{ sku: "TEA-1", ordered: 2, unitPrice: { minor: 1_250 } }],
    });
  });

  test("answers a repeated key with the first answer, also once the state has moved", async () => {
    const input = orderOf("TEA-1");
    const first = await run(shop, shop.customer(), ["createOrder", "order", input]);
    const orderId = first.order?.["id"];
    const cancel = { orderId, reason: "CUSTOMER" };
    const cancelled = await run(shop, shop.customer(), ["cancelOrder", "order", cancel]);
    expect(cancelled.order).toMatchObject({ status: "CANCELLING", version: 3 });
    const again = await run(shop, shop.customer(), ["createOrder", "order", input]);
    expect(again).toEqual(first);
  });

  test("takes the same key from two customers for two commands", async () => {
    const input = orderOf("TEA-1");
    const ada = await run(shop, shop.customer("ada"), ["createOrder", "order", input]);
    const bob = await run(shop, shop.customer("bob"), ["createOrder", "order", input]);
    expect(ada.order?.["id"]).not.toBe(bob.order?.["id"]);
    expect(bob.order?.["customerId"]).toBe("bob");
  });

  test("refuses a key that was used with another input", async () => {
    const input = orderOf("TEA-1");
    await run(shop, shop.customer(), ["createOrder", "order", input]);
    const other = { ...input, items: [{ sku: "TEA-1", quantity: 9 }] };
    const { order, errors } = await run(shop, shop.customer(), ["createOrder", "order", other]);
    expect(order).toBeNull();
    expect(errors).toMatchObject([{ __typename: "Refused", code: "IDEMPOTENCY_KEY_REUSED" }]);
  });

  test("names every field that is not valid", async () => {
    const input = orderOf("TEA-1", {
      currency: "XYZ",
      items: [
        { sku: "TEA-1", quantity: 0 },
        { sku: "!", quantity: 1 },
      ],
    });
    const { order, errors } = await run(shop, shop.customer(), ["createOrder", "order", input]);
    expect(order).toBeNull();
    expect(errors.map(({ __typename, code }) => `${String(__typename)} ${code}`)).toEqual(
      Array(3).fill("ValidationFailed VALIDATION"),
    );
    expect(errors.map(({ path }) => (path as string[]).join("."))).toEqual([
      "input.currency",
      "input.items.0.quantity",
      "input.items.1.sku",
    ]);
  });

  test.each([
    ["idempotencyKey", { idempotencyKey: " " }],
    ["idempotencyKey", { idempotencyKey: "k".repeat(201) }],
    ["expectedVersion", { expectedVersion: -1 }],
  ])("names %s when it is not valid", async (field, more) => {
    const { errors } = await run(shop, shop.customer(), [
      "createOrder",
      "order",
      orderOf("TEA-1", more),
    ]);
    expect(errors).toMatchObject([{ code: "VALIDATION", path: ["input", field] }]);
  });

  test("takes null for an optional field as not said", async () => {
    const input = orderOf("TEA-1", { customerId: null, expectedVersion: null });
    const { errors } = await run(shop, shop.customer(), ["createOrder", "order", input]);
    expect(errors).toEqual([]);
  });

  test("says what is possible instead of an impossible command", async () => {
    const created = await run(shop, shop.customer(), ["createOrder", "order", orderOf("TEA-1")]);
    const orderId = created.order?.["id"];
    const cancel = { orderId, reason: "CUSTOMER" };
    await run(shop, shop.customer(), ["cancelOrder", "order", cancel]);
    const { errors } = await run(shop, shop.customer(), ["cancelOrder", "order", cancel]);
    expect(errors).toMatchObject([
      {
        __typename: "InvalidTransition",
        code: "INVALID_TRANSITION",
        state: { lifecycle: "cancelling" },
        allowedCommands: [],
      },
    ]);
    expect(errors[0]?.["allowedIn"]).not.toEqual([]);
  });

  test("says which version there is when another was expected", async () => {
    const created = await run(shop, shop.customer(), ["createOrder", "order", orderOf("TEA-1")]);
    const orderId = created.order?.["id"];
    const cancel = { orderId, reason: "CUSTOMER", expectedVersion: 7 };
    const { errors } = await run(shop, shop.customer(), ["cancelOrder", "order", cancel]);
    expect(errors).toMatchObject([
      { __typename: "VersionConflict", code: "VERSION_CONFLICT", expected: 7, actual: 2 },
    ]);
  });

  test("is seen by queries when it was strong", async () => {
    const input = orderOf("TEA-1", { consistency: "STRONG" });
    const { order } = await run(shop, shop.customer(), ["createOrder", "order", input]);
    const query = "query ($id: UUID!) { order(id: $id) { version } }";
    const answer = await shop.ask(shop.customer(), query, { id: order?.["id"] });
    expect(answer.data).toEqual({ order: { version: 2 } });
  });
});

describe("a settled mutation", () => {
  test("says so when what it started does not end in time", async () => {
    const another = await shop.startAnother({ settleTimeoutMs: 100 });
    const input = orderOf("TEA-1", { consistency: "SETTLED" });
    const ask: Shop["ask"] = (token, query, variables) =>
      post(another.url, token, { query, variables: variables ?? {} });
    // Nobody in this test reserves stock.
    const answer = await run({ ask }, shop.customer(), ["createOrder", "order", input]);
    expect(answer).toMatchObject({
      order: { status: "PENDING" },
      version: 2,
      errors: [{ __typename: "NotSettled", code: "NOT_SETTLED" }],
    });
  });

  test("of a product is one that queries see", async () => {
    const productId = await sell(shop, "SETTLED-1");
    const input = { productId, delta: 5, reason: "found", consistency: "SETTLED" };
    const { errors } = await run(shop, shop.operator, ["adjustStock", "product", input]);
    expect(errors).toEqual([]);
    const query = "query ($id: UUID!) { product(id: $id) { stock { onHand } } }";
    const answer = await shop.ask(shop.operator, query, { id: productId });
    expect(answer.data).toEqual({ product: { stock: { onHand: 15 } } });
  });
});

describe("what a mutation takes from the read model", () => {
  test("an unknown product is refused by the actor", async () => {
    const { errors } = await run(shop, shop.customer(), ["createOrder", "order", orderOf("NONE")]);
    expect(errors).toMatchObject([{ code: "PRODUCT_NOT_FOUND", details: { sku: "NONE" } }]);
  });

  test("a product that is not on sale is refused by the actor", async () => {
    const price = { minor: 100, currency: "EUR" };
    const input = { sku: "DRAFT-1", name: "Draft", category: "tea", price, onHand: 1 };
    const strong = { ...input, consistency: "STRONG" };
    await run(shop, shop.operator, ["createProduct", "product", strong]);
    const { errors } = await run(shop, shop.customer(), [
      "createOrder",
      "order",
      orderOf("DRAFT-1"),
    ]);
    expect(errors).toMatchObject([{ code: "PRODUCT_NOT_SELLABLE" }]);
  });

  test("a repeat gets its answer although the product has gone since", async () => {
    const productId = await sell(shop, "GONE-1");
    const input = orderOf("GONE-1");
    const first = await run(shop, shop.customer(), ["createOrder", "order", input]);
    await run(shop, shop.operator, [
      "discontinueProduct",
      "product",
      { productId, consistency: "STRONG" },
    ]);
    expect(await run(shop, shop.customer(), ["createOrder", "order", input])).toEqual(first);
  });
});

describe("who may send what", () => {
  test("a customer may not touch products, and learns nothing but that", async () => {
    const price = { minor: 100, currency: "EUR" };
    const input = { sku: "X-1", name: "X", category: "tea", price, onHand: 1 };
    const answer = await shop.ask(
      shop.customer(),
      "mutation ($input: CreateProductInput!) { createProduct(input: $input) { version } }",
      { input },
    );
    expect(answer.data).toBeNull();
    expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  });

  test("another customer's order does not exist, whatever version is expected", async () => {
    const { order } = await run(shop, shop.customer("ada"), [
      "createOrder",
      "order",
      orderOf("TEA-1"),
    ]);
    for (const more of [{}, { expectedVersion: 9 }]) {
      const cancel = { orderId: order?.["id"], reason: "CUSTOMER", ...more };
      const { errors, version } = await run(shop, shop.customer("bob"), [
        "cancelOrder",
        "order",
        cancel,
      ]);
      expect(errors).toMatchObject([{ __typename: "Refused", code: "NOT_FOUND" }]);
      expect(version).toBeNull();
    }
  });

  test("a customer cannot order in another's name", async () => {
    const input = orderOf("TEA-1", { customerId: "bob" });
    const { errors } = await run(shop, shop.customer("ada"), ["createOrder", "order", input]);
    expect(errors).toMatchObject([{ code: "FORBIDDEN" }]);
  });

  test("an operator has to say for whom", async () => {
    const { errors } = await run(shop, shop.operator, ["createOrder", "order", orderOf("TEA-1")]);
    expect(errors).toMatchObject([{ code: "VALIDATION", path: ["input", "customerId"] }]);
    const input = orderOf("TEA-1", { customerId: "cy" });
    const { order } = await run(shop, shop.operator, ["createOrder", "order", input]);
    expect(order).toMatchObject({ customerId: "cy" });
  });
});
