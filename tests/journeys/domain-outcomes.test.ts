import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { delivered, onSale, openShopfront, paid, reserved } from "./domain.ts";
import type { Payload, Scope, Shopfront } from "./domain.ts";
import { orderOf } from "./shop.ts";

let shop: Shopfront;

beforeAll(async () => {
  shop = await openShopfront({ STATECART_PAYMENT_LOOKUP_MS: "1000" });
});

/** A settled mutation, whatever its answer says. */
async function settled(scope: Scope, name: string, input: object): Promise<Payload> {
  const answer = await shop.send(scope, name, { consistency: "SETTLED", ...input });
  const payload = answer.data?.[name];
  if (payload === undefined) throw new Error(JSON.stringify(answer));
  return payload;
}

async function stockOf(sku: string): Promise<object> {
  const query = `query ($sku: String!) { productBySku(sku: $sku) { stock {
    onHand reserved committed available reservationCount } } }`;
  const variables = { sku };
  const found = await shop.ask<{ productBySku: { stock: object } }>("operator", query, variables);
  return found.productBySku.stock;
}

const pay = (orderId: string, token: string) =>
  settled("customer", "processPayment", { orderId, paymentMethod: { kind: "CARD", token } });

const untouched = { onHand: 10, reserved: 0, committed: 0, available: 10, reservationCount: 0 };

describe("an order that wants more than there is", () => {
  const items = (sku: string) => ({ ...orderOf(sku), items: [{ sku, quantity: 11 }] });

  test("is answered as rejected, with the figures, when its end was waited for", async () => {
    const { sku } = await onSale(shop);
    const { order, errors } = await settled("customer", "createOrder", items(sku));
    expect(order).toMatchObject({ status: "REJECTED", isSettled: true });
    expect(errors).toMatchObject([
      {
        __typename: "InsufficientStock",
        code: "INSUFFICIENT_STOCK",
        sku,
        requested: 11,
        available: 10,
      },
    ]);
    expect(await stockOf(sku)).toEqual(untouched);
  });

  test("tells so later, when it was not, and again when the creation is repeated", async () => {
    const { sku } = await onSale(shop);
    const input = items(sku);
    const hasty = await settled("customer", "createOrder", { ...input, consistency: "EVENTUAL" });
    expect(hasty).toMatchObject({ order: { status: "PENDING" }, errors: [] });
    const again = await settled("customer", "createOrder", input);
    expect(again.order?.id).toBe(hasty.order?.id);
    expect(again.errors).toMatchObject([{ __typename: "InsufficientStock" }]);
    const query = `query ($id: UUID!) { order(id: $id) {
      rejection { code sku requested available } regions { lifecycle reservation payment } } }`;
    const { order } = await shop.ask<{ order: object }>("customer", query, {
      id: hasty.order?.id,
    });
    expect(order).toEqual({
      rejection: { code: "INSUFFICIENT_STOCK", sku, requested: 11, available: 10 },
      regions: { lifecycle: "REJECTED", reservation: "REFUSED", payment: "UNPAID" },
    });
  });

  test("gives back what its other products held", async () => {
    const [plenty, scarce] = await Promise.all([onSale(shop), onSale(shop, { onHand: 0 })]);
    const wanted = [plenty, scarce].map(({ sku }) => ({ sku, quantity: 1 }));
    const input = { ...orderOf("any"), items: wanted };
    const { errors } = await settled("customer", "createOrder", input);
    expect(errors).toMatchObject([{ __typename: "InsufficientStock", sku: scarce.sku }]);
    expect(await stockOf(plenty.sku)).toEqual(untouched);
  });

  test("goes on without a line that was added too late", async () => {
    const [{ id, lines }, gone] = await Promise.all([reserved(shop), onSale(shop, { onHand: 0 })]);
    const line = { orderId: id, sku: gone.sku, quantity: 1 };
    const { order, errors } = await settled("customer", "addOrderItem", line);
    expect(errors).toMatchObject([{ __typename: "LineRefused", sku: gone.sku }]);
    expect(order).toMatchObject({ status: "PENDING", lines });
  });
});

describe("a payment", () => {
  test("that is declined says why and how often one may try again", async () => {
    const { id, lines } = await reserved(shop);
    const refusals = [];
    for (let count = 0; count < 3; count += 1) refusals.push(await pay(id, "tok_declined"));
    expect(refusals.map(({ errors }) => errors)).toMatchObject(
      [2, 1, 0].map((attemptsLeft) => [
        { __typename: "PaymentDeclined", reason: "CARD_DECLINED", attemptsLeft },
      ]),
    );
    expect(refusals.at(-1)?.order).toMatchObject({
      status: "REJECTED",
      rejection: { code: "PAYMENT_DECLINED" },
    });
    expect(await stockOf(lines[0]?.sku ?? "")).toEqual(untouched);
  });

  test("may be tried again with another method", async () => {
    const { id } = await reserved(shop);
    await pay(id, "tok_declined");
    const { order, errors } = await pay(id, "tok_approved");
    expect(errors).toEqual([]);
    expect(order).toMatchObject({ status: "PROCESSING", money: { captured: { minor: 2_000 } } });
  });

  test("whose answer is lost is found out by itself", async () => {
    const { id } = await reserved(shop);
    const { order, errors } = await pay(id, "tok_times_out_but_succeeds");
    expect(errors).toEqual([]);
    expect(order).toMatchObject({ status: "PROCESSING", money: { captured: { minor: 2_000 } } });
  });

  test("that a person has to confirm says where, and waits for that person alone", async () => {
    const { id } = await reserved(shop);
    const { order, errors } = await pay(id, "tok_requires_action");
    expect(errors).toEqual([]);
    expect(order).toMatchObject({ status: "PENDING", isSettled: true });
    expect(order?.payment.attempt?.failure).toBeNull();
    const query = `query ($id: UUID!) { order(id: $id) {
      regions { payment } payment { attempt { actionExpiresAt method { kind } } } } }`;
    const found = await shop.ask<{ order: object }>("customer", query, { id });
    expect(found.order).toMatchObject({
      regions: { payment: "REQUIRES_ACTION" },
      payment: { attempt: { method: { kind: "CARD" } } },
    });
  });

  test("never shows the provider's token", async () => {
    const { id } = await paid(shop);
    const query = "query ($id: UUID!) { order(id: $id) { state allowedCommands { command } } }";
    const found = await shop.ask("operator", query, { id });
    expect(JSON.stringify(found)).not.toContain("tok_");
  });
});

describe("what was taken goes back", () => {
  test("when a paid order is cancelled", async () => {
    const { id, lines } = await paid(shop);
    const input = { orderId: id, reason: "CUSTOMER" };
    const cancelled = await shop.order("customer", "cancelOrder", input);
    expect(cancelled).toMatchObject({
      status: "CANCELLED",
      money: { due: { minor: 0 }, captured: { minor: 2_000 }, refunded: { minor: 2_000 } },
    });
    expect(await stockOf(lines[0]?.sku ?? "")).toEqual(untouched);
  });

  test("when one unit of it is", async () => {
    const { id, lines } = await paid(shop);
    const units = [{ lineId: lines[0]?.id, quantity: 1 }];
    const input = { orderId: id, reason: "CUSTOMER", lines: units };
    const rest = await shop.order("customer", "cancelOrder", input);
    expect(rest).toMatchObject({ status: "PROCESSING", money: { refunded: { minor: 1_000 } } });
    const held = { reserved: 0, committed: 1, available: 9, reservationCount: 1 };
    expect(await stockOf(lines[0]?.sku ?? "")).toEqual({ onHand: 10, ...held });
  });

  test("and never more than that, by two refunds at once", async () => {
    const { id } = await delivered(shop);
    const input = { orderId: id, amount: { minor: 1_500, currency: "EUR" }, reason: "late" };
    const both = await Promise.all([1, 2].map(() => settled("operator", "refundOrder", input)));
    expect(both.flatMap(({ errors }) => errors)).toMatchObject([
      {
        __typename: "AmountExceedsDue",
        code: "AMOUNT_EXCEEDS_DUE",
        due: { minor: 500, currency: "EUR", decimal: "5.00" },
      },
    ]);
    const done = both.find(({ errors }) => errors.length === 0);
    expect(done?.order?.money).toMatchObject({
      refunded: { minor: 1_500 },
      refundable: { minor: 500 },
    });
  });
});

describe("a product", () => {
  test("is sold unlisted to whoever knows of it, and discontinued to nobody", async () => {
    const { id: productId, sku } = await onSale(shop);
    await shop.accept("operator", "unlistProduct", { productId });
    await shop.order("customer", "createOrder", orderOf(sku));
    await shop.accept("operator", "discontinueProduct", { productId });
    const late = await settled("customer", "createOrder", orderOf(sku));
    expect(late.errors).toMatchObject([{ code: "PRODUCT_NOT_SELLABLE", details: { sku } }]);
  });

  test("shows its reservations and plans to those who serve, not to those who buy", async () => {
    const { id: productId, sku } = await onSale(shop);
    const { id: orderId } = await shop.order("customer", "createOrder", orderOf(sku));
    const price = { minor: 1_100, currency: "EUR" };
    const effectiveAt = "2999-01-01T00:00:00.000Z";
    await shop.accept("operator", "schedulePrice", { productId, price, effectiveAt });
    const query = `query ($id: UUID!) { product(id: $id) { regions { lifecycle price }
      scheduledPrice { price { minor } effectiveAt }
      stock { reserved reservations { orderId quantity isCommitted } } } }`;
    const [seen, hidden] = await Promise.all(
      (["operator", "customer"] as const).map((scope) =>
        shop.ask<{ product: object }>(scope, query, { id: productId }),
      ),
    );
    const regions = { lifecycle: "ACTIVE", price: "SCHEDULED" };
    expect(seen?.product).toEqual({
      regions,
      scheduledPrice: { price: { minor: 1_100 }, effectiveAt },
      stock: { reserved: 1, reservations: [{ orderId, quantity: 1, isCommitted: false }] },
    });
    expect(hidden?.product).toEqual({
      regions,
      scheduledPrice: null,
      stock: { reserved: 1, reservations: null },
    });
  });
});

test("discounts of the shop are shared out over the lines, and nothing is lost", async () => {
  const skus = await Promise.all([1, 2, 3].map(() => onSale(shop, { price: euro(333) })));
  const items = skus.map(({ sku }) => ({ sku, quantity: 1 }));
  const discounts = [{ code: "WELCOME", minor: 100 }];
  const input = { ...orderOf("any"), customerId: "ada", items, discounts };
  const { id } = await shop.order("operator", "createOrder", {
    ...input,
    idempotencyKey: randomUUID(),
  });
  const query = `query ($id: UUID!) { order(id: $id) { total { minor }
    discounts { code amount { minor } } costs { subtotal { minor } discount { minor } }
    lines { costs { discount { minor } total { minor } } } } }`;
  const { order } = await shop.ask<{
    order: { lines: { costs: { discount: { minor: number } } }[] };
  }>("customer", query, { id });
  expect(order).toMatchObject({
    total: { minor: 899 },
    discounts: [{ code: "WELCOME", amount: { minor: 100 } }],
    costs: { subtotal: { minor: 999 }, discount: { minor: 100 } },
  });
  const shares = order.lines.map(({ costs }) => costs.discount.minor);
  expect(shares.sort()).toEqual([33, 33, 34]);
});

function euro(minor: number): object {
  return { minor, currency: "EUR" };
}
