/** The commands of a checkout as customers and staff send them; needs no test runner. */
import type { Clock, CommandEnvelope } from "../../actors/index.ts";
import {
  commandIdFor,
  lineIdOf,
  orderIdOf,
  orderNumberOf,
  productIdOf,
} from "../../machines/index.ts";
import type { Caller } from "../../machines/index.ts";
import { sealedPersonal } from "../support/personal-sample.ts";

const CUSTOMER: Caller = { subject: "ada", scope: "customer" };
const STAFF: Caller = { subject: "olga", scope: "operator" };
export const UNIT_PRICE_MINOR = 1_250;

/** A command by what a person says: `key` makes its id. */
export interface Command {
  readonly key: string;
  readonly aggregate: "order" | "product";
  readonly entityId: string;
  readonly type: string;
  readonly data: object;
  readonly by: Caller;
}

/** The command on its way to the bus. */
export function envelopeOf(
  { key, type, data, by, ...target }: Command,
  clock: Clock,
): CommandEnvelope {
  const commandId = commandIdFor(by.subject, key);
  return {
    commandId,
    ...target,
    command: { type, data, by, now: clock.now().toISOString() },
    payloadHash: `${type}/${target.entityId}`,
    correlationId: `correlation of ${key}`,
    deadline: Date.now() + 10_000,
  };
}

/** The commands that put a product on sale. */
export function productOnSale(sku: string, onHand: number): Command[] {
  const price = { minor: UNIT_PRICE_MINOR, currency: "EUR" };
  const target = { aggregate: "product", entityId: productIdOf(sku), by: STAFF } as const;
  const data = { sku, name: `Thing ${sku}`, category: "things", price, onHand };
  return [
    { ...target, key: `create ${sku}`, type: "CreateProduct", data },
    { ...target, key: `publish ${sku}`, type: "PublishProduct", data: {} },
  ];
}

interface Basket {
  readonly key: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly policy?: object;
}

/** The id of the order that a basket's key leads to. */
export function orderOf(key: string): string {
  return orderIdOf(orderNumberOf(commandIdFor(CUSTOMER.subject, key)));
}

/** An order as the gateway sends it. */
export function createOrder({ key, items, policy }: Basket): Command {
  const commandId = commandIdFor(CUSTOMER.subject, key);
  const orderNumber = orderNumberOf(commandId);
  const unitPrice = { minor: UNIT_PRICE_MINOR, currency: "EUR" };
  const data = {
    currency: "EUR",
    items,
    personal: sealedPersonal,
    orderNumber,
    customerId: CUSTOMER.subject,
    lines: items.map(({ sku }, index) => ({
      lineId: lineIdOf(commandId, index),
      productId: productIdOf(sku),
      sku,
      product: { name: `Thing ${sku}`, category: "things", unitPrice, isSellable: true },
    })),
    ...(policy === undefined ? {} : { policy }),
  };
  const target = { aggregate: "order", entityId: orderIdOf(orderNumber) } as const;
  return { key, type: "CreateOrder", data, by: CUSTOMER, ...target };
}

export function pay(orderId: string, token = "tok_approved", key = `pay ${orderId}`): Command {
  const data = { paymentMethod: { kind: "CARD", token } };
  return { key, type: "ProcessPayment", data, ...customersOrder(orderId) };
}

export function cancel(orderId: string): Command {
  const data = { reason: "CUSTOMER" };
  return { key: `cancel ${orderId}`, type: "CancelOrder", data, ...customersOrder(orderId) };
}

export function ship(orderId: string): Command {
  const data = { tracking: { carrier: "Post" } };
  return { ...customersOrder(orderId), key: `ship ${orderId}`, type: "ShipOrder", data, by: STAFF };
}

function customersOrder(orderId: string) {
  return { aggregate: "order", entityId: orderId, by: CUSTOMER } as const;
}
