/** Commands and events of a small, plausible shop, each valid on its own. */
import {
  decide,
  initialState,
  lineIdOf,
  orderAggregate,
  orderNumberOf,
  productAggregate,
  productIdOf,
} from "../../machines/index.ts";
import type {
  Aggregate,
  Caller,
  CandidateLine,
  DomainCommand,
  DomainEvent,
} from "../../machines/index.ts";
import { sealedPersonal } from "../support/personal-sample.ts";

export const NOW = "2026-03-01T12:00:00.000Z";
export const COMMAND_ID = "3f1d3b42-7a55-4e0c-8f10-0d7c2f1c0001";

export const ada: Caller = { subject: "ada", scope: "customer" };
export const bob: Caller = { subject: "bob", scope: "customer" };
export const staff: Caller = { subject: "staff-1", scope: "operator" };

/** As the gateway has sealed it; nothing in machines/ looks inside. */
export const personal = sealedPersonal;

/** As a client sends it. */
export const openPersonal = {
  contact: { name: "Ada Lovelace", email: "ada@example.com" },
  shippingAddress: {
    name: "Ada Lovelace",
    line1: "Marienstrasse 1",
    city: "Berlin",
    postalCode: "10117",
    country: "DE",
  },
};

export function command(type: string, data: object, by: Caller = staff): DomainCommand {
  return { type, data, by, now: NOW };
}

export const policy = {
  capture: "AT_ONCE",
  reservationTtlMs: 900_000,
  paymentActionTtlMs: 600_000,
  authorisationTtlMs: 7_200_000,
  lookupDelayMs: 5_000,
  attemptsMax: 2,
} as const;

type Product = NonNullable<CandidateLine["product"]>;

/** What the gateway knows of a product; `null` = nothing. */
export function candidate(sku: string, product: Partial<Product> | null = {}): CandidateLine {
  const index = sku.charCodeAt(0);
  const known = {
    name: `Thing ${sku}`,
    category: "things",
    unitPrice: { minor: 1250, currency: "EUR" },
    isSellable: true,
  };
  return {
    lineId: lineIdOf(COMMAND_ID, index),
    productId: productIdOf(sku),
    sku,
    product: product === null ? null : { ...known, ...product },
  };
}

export function createOrder(skus: readonly string[], by: Caller = ada): DomainCommand {
  const data = {
    currency: "EUR",
    items: skus.map((sku) => ({ sku, quantity: 2 })),
    personal,
    orderNumber: orderNumberOf(COMMAND_ID),
    customerId: "ada",
    lines: skus.map((sku) => candidate(sku)),
    taxes: [],
    policy,
  };
  return command("CreateOrder", data, by);
}

export function addItem(sku: string, line = candidate(sku), quantity = 1): DomainCommand {
  return command("AddOrderItem", { sku, quantity, line }, ada);
}

export function createProduct(onHand = 10): DomainCommand {
  const price = { minor: 1250, currency: "EUR" };
  const data = { sku: "MUG-1", name: "Mug", category: "kitchen", price, onHand };
  return command("CreateProduct", data);
}

/** The events of commands that are all accepted, one after the other. */
export function history<Context extends object>(
  aggregate: Aggregate<Context>,
  commands: readonly DomainCommand[],
): readonly DomainEvent[] {
  let state = initialState(aggregate);
  return commands.flatMap((next) => {
    const decision = decide(aggregate, state, next);
    if (decision.kind === "refused") throw new Error(decision.refusal.message);
    state = decision.state;
    return decision.events;
  });
}

export const orderHistory = (...commands: readonly DomainCommand[]) =>
  history(orderAggregate, [createOrder(["A", "B"]), ...commands]);

export const productHistory = (...commands: readonly DomainCommand[]) =>
  history(productAggregate, [createProduct(), ...commands]);
