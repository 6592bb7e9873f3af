import { randomUUID } from "node:crypto";
import { developmentKeys } from "../../cli/development-keys.ts";
import { aggregates } from "../../machines/index.ts";
import { post, type GraphQLAnswer } from "../support/graphql.ts";
import { startStatecartProcess, type StatecartProcess } from "../support/statecart-process.ts";
import { orderOf } from "./shop.ts";

export type Scope = "customer" | "operator" | "service";
export const scopes: readonly Scope[] = ["customer", "operator", "service"];

interface Amount {
  readonly minor: number;
}

export interface OrderAnswer {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly isSettled: boolean;
  readonly lines: readonly {
    readonly id: string;
    readonly sku: string;
    readonly ordered: number;
    readonly shipped: number;
    readonly returned: number;
  }[];
  readonly payment: {
    readonly attempt: { readonly failure: string | null; readonly actionUrl: string | null } | null;
  };
  readonly money: Readonly<Record<"due" | "captured" | "refunded" | "refundable", Amount>>;
  readonly refunds: readonly { readonly id: string; readonly status: string }[];
  readonly returns: readonly { readonly id: string; readonly status: string }[];
  readonly rejection: { readonly code: string } | null;
}

export interface ProductAnswer {
  readonly id: string;
  readonly version: number;
  readonly sku: string;
  readonly status: string;
  readonly stock: { readonly onHand: number; readonly damaged: number };
}

export interface Payload {
  readonly order?: OrderAnswer | null;
  readonly product?: ProductAnswer | null;
  readonly version: number | null;
  readonly errors: readonly (Readonly<Record<string, unknown>> & {
    readonly __typename: string;
    readonly code: string;
  })[];
}

const errors = `errors { __typename code message path
  ... on Refused { details }
  ... on InsufficientStock { sku requested available }
  ... on QuantityExceeds { lineId requested limit }
  ... on AmountExceedsDue { due { minor currency decimal } }
  ... on CurrencyMismatch { expectedCurrency actualCurrency }
  ... on StockChanged { expected actual }
  ... on PaymentDeclined { reason attemptsLeft }
  ... on RefundDeclined { refundId }
  ... on LineRefused { sku } }`;
const orderFields = `id version status isSettled
  lines { id sku ordered shipped returned }
  payment { attempt { failure actionUrl } }
  money { due { minor } captured { minor } refunded { minor } refundable { minor } }
  refunds { id status } returns { id status } rejection { code }`;
const productFields = "id version sku status stock { onHand damaged }";

/** Everybody who may speak to a running Statecart. */
export interface People {
  token(scope: Scope): string;
  /** One mutation over HTTP; `name` is that of the command, in camelCase. */
  send(scope: Scope, name: string, input: object): Promise<GraphQLAnswer<Record<string, Payload>>>;
  /** A query that must be answered. */
  ask<Data>(scope: Scope, query: string, variables: object): Promise<Data>;
  /** A mutation that must be accepted, settled unless said otherwise. */
  accept(scope: Scope, name: string, input: object): Promise<Payload>;
  /** A mutation of an order that must be accepted; the order when all has settled. */
  order(scope: Scope, name: string, input: object): Promise<OrderAnswer>;
}

/** A running Statecart and everybody who may speak to it. */
export interface Shopfront extends People {
  readonly statecart: StatecartProcess;
}

export async function openShopfront(
  env: Readonly<Record<string, string>> = {},
): Promise<Shopfront> {
  const statecart = await startStatecartProcess({ env });
  const names = { issuer: "statecart", audience: "statecart" };
  const keys = developmentKeys({ dataDir: statecart.dataDir, ...names });
  const subjects: Readonly<Record<Scope, string>> = {
    customer: "ada",
    operator: "olga",
    service: "erp",
  };
  const people = peopleAt(statecart.graphql, (scope) => keys.sign(subjects[scope], scope));
  return { statecart, ...people };
}

/** Everybody who may speak to the Statecart at an address. */
export function peopleAt(graphql: string, sign: (scope: Scope) => string): People {
  const tokens = {
    customer: sign("customer"),
    operator: sign("operator"),
    service: sign("service"),
  };
  const send: People["send"] = (scope, name, input) => {
    const type = typeOf(name);
    const kind = type in aggregates.order.commands ? "order" : "product";
    const fields = kind === "order" ? orderFields : productFields;
    const query = `mutation ($input: ${type}Input!) {
      ${name}(input: $input) { ${kind} { ${fields} } version ${errors} } }`;
    return post(graphql, tokens[scope], { query, variables: { input } });
  };
  const accept: People["accept"] = async (scope, name, input) => {
    const answer = await send(scope, name, { consistency: "SETTLED", ...input });
    const payload = answer.data?.[name];
    if (payload?.errors.length === 0) return payload;
    throw new Error(`${name} of the ${scope}: ${JSON.stringify(answer)}`);
  };
  return {
    token: (scope) => tokens[scope],
    send,
    accept,
    async ask<Data>(scope: Scope, query: string, variables: object) {
      const body = { query, variables };
      const answer = await post<Data>(graphql, tokens[scope], body);
      if (answer.errors === undefined && answer.data !== null) return answer.data;
      throw new Error(JSON.stringify(answer));
    },
    async order(scope, name, input) {
      const { order } = await accept(scope, name, input);
      if (!order) throw new Error(`${name} answered without an order`);
      return order;
    },
  };
}

function typeOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A product on sale, with ten units of 10.00 EUR unless said otherwise. */
export async function onSale(shop: People, changes: object = {}): Promise<ProductAnswer> {
  const sku = `SKU-${randomUUID()}`;
  const price = { minor: 1_000, currency: "EUR" };
  const input = { sku, name: "Teapot", category: "Teaware", price, onHand: 10, ...changes };
  const { product } = await shop.accept("operator", "createProduct", input);
  const published = await shop.accept("operator", "publishProduct", { productId: product?.id });
  if (!published.product) throw new Error("publishProduct answered without a product");
  return published.product;
}

/** Ada's order of two units each of some products, with its stock reserved. */
export async function reserved(shop: People, count = 1): Promise<OrderAnswer> {
  const skus = [];
  for (let index = 0; index < count; index += 1) skus.push((await onSale(shop)).sku);
  const items = skus.map((sku) => ({ sku, quantity: 2 }));
  return shop.order("customer", "createOrder", { ...orderOf("any"), items });
}

/** The same, paid. The token says what the provider does at each of its calls. */
export async function paid(shop: People, token = "tok_approved"): Promise<OrderAnswer> {
  const { id } = await reserved(shop);
  const paymentMethod = { kind: "CARD", token };
  return shop.order("customer", "processPayment", { orderId: id, paymentMethod });
}

/** The same, shipped and arrived. */
export async function delivered(shop: People, token?: string): Promise<OrderAnswer> {
  const { id } = await paid(shop, token);
  await shop.order("operator", "shipOrder", { orderId: id });
  return shop.order("operator", "confirmDelivery", { orderId: id });
}

/** The same, with one unit asked to come back. */
export async function returnRequested(shop: People): Promise<OrderAnswer> {
  const { id, lines } = await delivered(shop);
  const units = [{ lineId: lines[0]?.id, quantity: 1 }];
  const input = { orderId: id, lines: units, reason: "too small" };
  return shop.order("customer", "requestReturn", input);
}
