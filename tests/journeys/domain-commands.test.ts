import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { aggregates } from "../../machines/index.ts";
import {
  delivered,
  onSale,
  openShopfront,
  paid,
  reserved,
  returnRequested,
  scopes,
} from "./domain.ts";
import type { OrderAnswer, Scope, Shopfront } from "./domain.ts";
import { orderOf } from "./shop.ts";

let shop: Shopfront;

beforeAll(async () => {
  shop = await openShopfront();
});

/** Brings things to where a command is possible; resolves with its input. */
type Prepare = (scope: Scope) => Promise<object>;

const ofOrder =
  (
    make: (shop: Shopfront) => Promise<OrderAnswer>,
    more: (order: OrderAnswer) => object = () => ({}),
  ) =>
  async () => {
    const order = await make(shop);
    return { orderId: order.id, ...more(order) };
  };
const ofProduct =
  (more: object, ...before: readonly string[]) =>
  async () => {
    const { id: productId } = await onSale(shop);
    for (const name of before) await shop.accept("operator", name, { productId });
    return { productId, ...more };
  };
const draft = async () => {
  const price = { minor: 100, currency: "EUR" };
  const input = { sku: `SKU-${randomUUID()}`, name: "A", category: "B", price, onHand: 1 };
  const { product } = await shop.accept("operator", "createProduct", input);
  return { productId: product?.id };
};
const firstLine = ({ lines }: OrderAnswer) => lines[0]?.id;
const firstReturn = ({ returns }: OrderAnswer) => returns[0]?.id;
const address = {
  name: "Ada Lovelace",
  line1: "1 rue de Rivoli",
  city: "Paris",
  postalCode: "75001",
  country: "FR",
};
const price = { minor: 1_100, currency: "EUR" };

const orderCommands: Readonly<Record<string, Prepare>> = {
  async createOrder(scope) {
    const { sku } = await onSale(shop);
    return { ...orderOf(sku), ...(scope === "customer" ? {} : { customerId: "ada" }) };
  },
  async addOrderItem() {
    const [{ id }, { sku }] = await Promise.all([reserved(shop), onSale(shop)]);
    return { orderId: id, sku, quantity: 1 };
  },
  removeOrderItem: ofOrder(
    () => reserved(shop, 2),
    (order) => ({ lineId: firstLine(order), reason: "one is enough" }),
  ),
  updateShippingAddress: ofOrder(reserved, () => ({ personal: { shippingAddress: address } })),
  processPayment: ofOrder(reserved, () => ({
    paymentMethod: { kind: "CARD", token: "tok_approved", label: "4242" },
  })),
  shipOrder: ofOrder(paid, (order) => ({
    lines: [{ lineId: firstLine(order), quantity: 1 }],
    tracking: { carrier: "DHL", number: "JD01", url: "https://example.com/JD01" },
  })),
  async confirmDelivery() {
    const { id } = await paid(shop);
    await shop.order("operator", "shipOrder", { orderId: id });
    return { orderId: id };
  },
  updateOrderStatus: ofOrder(paid, () => ({ status: "SHIPPED" })),
  cancelOrder: ofOrder(paid, () => ({ reason: "CUSTOMER", note: "changed my mind" })),
  refundOrder: ofOrder(delivered, () => ({
    amount: { minor: 1, currency: "EUR" },
    reason: "late",
  })),
  async retryRefund() {
    const { id: orderId } = await delivered(shop, "tok_refund_declined");
    const refund = { orderId, reason: "late", consistency: "SETTLED" };
    const answer = await shop.send("operator", "refundOrder", refund);
    const failed = answer.data?.["refundOrder"]?.order?.refunds[0];
    expect(answer.data?.["refundOrder"]?.errors).toMatchObject([
      { __typename: "RefundDeclined", refundId: failed?.id },
    ]);
    return { orderId, refundId: failed?.id, consistency: "EVENTUAL" };
  },
  requestReturn: ofOrder(delivered, (order) => ({
    lines: [{ lineId: firstLine(order), quantity: 1 }],
    reason: "too small",
  })),
  approveReturn: ofOrder(returnRequested, (order) => ({ returnId: firstReturn(order) })),
  declineReturn: ofOrder(returnRequested, (order) => ({
    returnId: firstReturn(order),
    reason: "worn",
  })),
  async receiveReturn() {
    const order = await returnRequested(shop);
    const ids = { orderId: order.id, returnId: firstReturn(order) };
    await shop.order("operator", "approveReturn", ids);
    const goods = [{ lineId: firstLine(order), quantity: 1, disposition: "RESTOCK" }];
    return { ...ids, goods };
  },
  holdOrder: ofOrder(reserved, () => ({ reason: "address looks odd" })),
  async releaseHold() {
    const { id: orderId } = await reserved(shop);
    await shop.order("operator", "holdOrder", { orderId, reason: "check" });
    return { orderId, reason: "checked" };
  },
};

const productCommands: Readonly<Record<string, Prepare>> = {
  createProduct: () =>
    Promise.resolve({ sku: `SKU-${randomUUID()}`, name: "A", category: "B", price, onHand: 1 }),
  updateProduct: ofProduct({ name: "Teapot, blue" }),
  categoriseProduct: ofProduct({ category: "Pots" }),
  changePrice: ofProduct({ price }),
  schedulePrice: ofProduct({ price, effectiveAt: "2999-01-01T00:00:00.000Z" }),
  adjustStock: ofProduct({ delta: -1, reason: "broken" }),
  setStock: ofProduct({ onHand: 7, changedFrom: 10, damaged: 1, reason: "counted" }),
  setStockPolicy: ofProduct({ policy: "BACKORDER", backorderLimit: 5, safety: 1 }),
  publishProduct: draft,
  unlistProduct: ofProduct({}),
  discontinueProduct: ofProduct({ reason: "out of fashion" }),
  archiveProduct: ofProduct({}, "discontinueProduct"),
  unarchiveProduct: ofProduct({}, "discontinueProduct", "archiveProduct"),
};

const table = { ...orderCommands, ...productCommands };
const publicCommands = Object.values(aggregates).flatMap(({ commands }) =>
  Object.entries(commands).flatMap(([type, { scopes: may }]) => {
    const open = scopes.filter((scope) => may.includes(scope));
    return open.length === 0 ? [] : [[`${type.charAt(0).toLowerCase()}${type.slice(1)}`, open]];
  }),
) as [string, readonly Scope[]][];

/** Mutations that ask nothing of an order or a product. */
const notCommands = [
  "createInspectionTicket",
  "eraseCustomer",
  "retryDeadLetter",
  "skipDeadLetter",
];

describe("over HTTP", () => {
  test("every command that is not internal is tried here", () => {
    expect(Object.keys(table).sort()).toEqual(publicCommands.map(([name]) => name).sort());
  });

  test.each(publicCommands)("%s is taken from %s and from nobody else", async (name, open) => {
    const prepare = table[name];
    if (prepare === undefined) throw new Error(name);
    await Promise.all(
      open.map(async (scope) => {
        const input = await prepare(scope);
        const { version, errors } = await shop.accept(scope, name, input);
        expect(errors).toEqual([]);
        expect(version).toBeGreaterThan(0);
      }),
    );
    for (const scope of scopes.filter((one) => !open.includes(one))) {
      const answer = await shop.send(scope, name, await prepare(scope));
      expect(answer.data).toBeNull();
      expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    }
  });

  test("no internal command is there for anybody", async () => {
    const fields = "{ __schema { mutationType { fields { name } } } }";
    const token = shop.token("operator");
    const { statecart } = shop;
    const response = await fetch(statecart.graphql, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: fields }),
    });
    const body = (await response.json()) as {
      data: { __schema: { mutationType: { fields: { name: string }[] } } };
    };
    const names = body.data.__schema.mutationType.fields.map(({ name }) => name);
    const commands = publicCommands.map(([name]) => name);
    expect(names.sort()).toEqual([...commands, ...notCommands].sort());
  });
});
