import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { DemoShop } from "./demo-shop.ts";

const SETTLED_POLL_DELAY_MS = 200;
/** Longer than any order takes that is not stuck. */
const SETTLED_TIMEOUT_MS = 120_000;

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

interface Amount {
  readonly minor: number;
}

/** An order when all that runs by itself has ended, as its buyer reads it. */
export interface EndedOrder {
  readonly id: string;
  readonly status: string;
  readonly isSettled: boolean;
  readonly rejection: { readonly code: string; readonly sku: string | null } | null;
  readonly total: Amount;
  readonly lines: readonly (Item & { readonly id: string; readonly ordered: number })[];
  readonly payment: { readonly attempt: { readonly id: string } | null };
  readonly money: Readonly<
    Record<"authorised" | "voided" | "captured" | "refunded" | "refundPending", Amount>
  >;
}

/** What one buyer was told, in the end and on the way. */
export interface Purchase {
  readonly order: EndedOrder;
  /** Whether the creation waited for its end, and the codes of the errors it told then. */
  readonly isAwaited: boolean;
  readonly told: readonly string[];
}

const fields = `id status isSettled rejection { code sku } total { minor }
  lines { id sku ordered } payment { attempt { id } }
  money { authorised { minor } voided { minor } captured { minor }
    refunded { minor } refundPending { minor } }`;
const create = `mutation ($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id } errors { code } } }`;
const pay = `mutation ($input: ProcessPaymentInput!) {
  processPayment(input: $input) { errors { code } } }`;
const look = `query ($id: UUID!) { order(id: $id) { ${fields} } }`;

interface Payload {
  readonly order?: { readonly id: string } | null;
  readonly errors: readonly { readonly code: string }[];
}

interface Basket {
  readonly name: string;
  readonly items: readonly Item[];
  /** Waits for the end of the creation; else pays at once, while stock is being reserved. */
  readonly isAwaited: boolean;
}

/** Orders, pays and waits for the end of it. Throws when the order never comes to rest. */
export async function purchase(
  shop: DemoShop,
  { name, items, isAwaited }: Basket,
): Promise<Purchase> {
  const token = shop.buyer(name);
  const consistency = isAwaited ? "SETTLED" : "EVENTUAL";
  const key = randomUUID();
  const created = await shop.ask<{ readonly createOrder: Payload }>(token, create, {
    input: { idempotencyKey: key, currency: "EUR", items, personal: personal(name), consistency },
  });
  const { order, errors } = created.createOrder;
  if (!order) throw new Error(`${name} could not order: ${JSON.stringify(errors)}`);
  const method = { kind: "CARD", token: "tok_approved" };
  await shop.ask<{ readonly processPayment: Payload }>(token, pay, {
    input: { orderId: order.id, idempotencyKey: `${key}/pay`, paymentMethod: method },
  });
  const told = errors.map(({ code }) => code);
  return { order: await ended(shop, token, order.id), isAwaited, told };
}

async function ended(shop: DemoShop, token: string, id: string): Promise<EndedOrder> {
  const until = Date.now() + SETTLED_TIMEOUT_MS;
  for (;;) {
    const { order } = await shop.ask<{ readonly order: EndedOrder | null }>(token, look, { id });
    if (order?.isSettled === true && order.status !== "PENDING") return order;
    if (Date.now() > until) throw new Error(`order ${id} never came to rest`);
    await pause(SETTLED_POLL_DELAY_MS);
  }
}

function personal(name: string): object {
  const address = { line1: "1 Market Street", city: "London", postalCode: "SW1Y 4JH" };
  return {
    contact: { name, email: `${name}@example.com` },
    shippingAddress: { name, ...address, country: "GB" },
  };
}
