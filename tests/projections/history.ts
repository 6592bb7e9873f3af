import { v5 } from "uuid";
import { lastVersion, partitionOf, sealCommit, type Commit } from "../../log/index.ts";
import {
  orderIdOf,
  productIdOf,
  type AggregateName,
  type DomainEvent,
} from "../../machines/index.ts";
import { sealedPersonal } from "../support/personal-sample.ts";

const NAMESPACE = "9a3f6a52-0d0d-4b0e-8f37-3f6e4f0f5d11";
const START = Date.parse("2026-11-23T09:00:00.000Z");

/** Writes histories by hand: what a decision would have written, one second after the other. */
export interface History {
  readonly commits: readonly Commit[];
  product(sku: string, ...events: readonly DomainEvent[]): Commit;
  order(orderNumber: string, ...events: readonly DomainEvent[]): Commit;
}

export function createHistory(): History {
  const heads = new Map<string, Commit>();
  const commits: Commit[] = [];
  function commit(
    aggregate: AggregateName,
    stream: string,
    events: readonly DomainEvent[],
  ): Commit {
    const head = heads.get(stream);
    const version = head === undefined ? 1 : lastVersion(head) + 1;
    const sealed = sealCommit(head?.hash ?? "", {
      id: v5(`${stream}/${version}`, NAMESPACE),
      stream,
      aggregate,
      version,
      partition: partitionOf(stream),
      at: new Date(START + commits.length * 1_000).toISOString(),
      meta: {
        subject: "test",
        scope: "operator",
        command: "Test",
        correlationId: v5(stream, NAMESPACE),
        payloadHash: "0".repeat(64),
        node: "test",
        epoch: 0,
      },
      events,
    });
    heads.set(stream, sealed);
    commits.push(sealed);
    return sealed;
  }
  return {
    commits,
    product: (sku, ...events) => commit("product", productIdOf(sku), events),
    order: (orderNumber, ...events) => commit("order", orderIdOf(orderNumber), events),
  };
}

function event(type: string, data: object): DomainEvent {
  return { type, schemaVersion: 1, data };
}

export const unknownEvent = event("ProductTeleported", {});

export function productCreated(sku: string, given: object = {}): DomainEvent {
  return event("ProductCreated", {
    sku,
    name: `Product ${sku}`,
    category: "tea",
    price: { minor: 1_250, currency: "EUR" },
    onHand: 10,
    createdAt: new Date(START).toISOString(),
    ...given,
  });
}

export const published = event("ProductPublished", {});
export const discontinued = event("ProductDiscontinued", {});

export function priceChanged(minor: number): DomainEvent {
  return event("PriceChanged", { price: { minor, currency: "EUR" } });
}

export function stockAdjusted(delta: number): DomainEvent {
  return event("StockAdjusted", { delta, reason: "counted" });
}

export function orderCreated(orderNumber: string, given: object = {}): DomainEvent {
  return event("OrderCreated", {
    orderNumber,
    customerId: "customer-1",
    currency: "EUR",
    lines: [orderLine("TEA-1", 1)],
    personal: sealedPersonal,
    createdAt: new Date(START).toISOString(),
    ...given,
  });
}

export function orderLine(sku: string, quantity: number, minor = 1_250): object {
  return {
    lineId: v5(`${sku}/${quantity}/${minor}`, NAMESPACE),
    productId: productIdOf(sku),
    sku,
    name: `Product ${sku}`,
    category: "tea",
    unitPrice: { minor, currency: "EUR" },
    quantity,
  };
}

export function itemAdded(sku: string, quantity: number): DomainEvent {
  return event("OrderItemAdded", { line: orderLine(sku, quantity) });
}

export const orderCancelled = event("OrderCancelled", {
  reason: "CUSTOMER_REQUEST",
  cancelledAt: new Date(START).toISOString(),
});
