import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { signatureOf, SIGNATURE_HEADER } from "../../payments/index.ts";
import { eventually } from "../support/servers.ts";
import { startStatecartHere, type StatecartHere } from "../support/statecart-here.ts";
import { peopleAt, reserved, type OrderAnswer, type People } from "./domain.ts";

const secret = "what the provider and the shop know and nobody else";
const oldSecret = "what they knew before that and will not know for long";

let statecart: StatecartHere;
let shop: People;
let webhook: string;

beforeAll(async () => {
  statecart = await startStatecartHere({
    STATECART_WEBHOOK_SECRET: `${secret},${oldSecret}`,
    // So long that nothing but a notice tells in time.
    STATECART_PAYMENT_LOOKUP_MS: "3600000",
  });
  shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
  webhook = new URL("/webhooks/payments", statecart.running.graphql).href;
});

interface Waiting extends OrderAnswer {
  readonly attemptId: string;
}

/** An order whose payment waits for a person. */
async function waiting(): Promise<Waiting> {
  const { id } = await reserved(shop);
  const paymentMethod = { kind: "CARD", token: "tok_requires_action" };
  const order = await shop.order("customer", "processPayment", { orderId: id, paymentMethod });
  const actionUrl = order.payment.attempt?.actionUrl ?? "";
  return { ...order, attemptId: actionUrl.slice(actionUrl.lastIndexOf("/") + 1) };
}

function notice({ id: orderId, attemptId }: Waiting, changes: object = {}) {
  const outcome = { outcome: "DECLINED", reason: "ACTION_DECLINED" };
  return { id: randomUUID(), orderId, call: "authorise", key: attemptId, outcome, ...changes };
}

interface Delivery {
  readonly signedWith?: string;
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

async function deliver(sent: object | string, { signedWith, at, headers }: Delivery = {}) {
  const body = typeof sent === "string" ? sent : JSON.stringify(sent);
  const signature = signatureOf(signedWith ?? secret, body, at ?? Date.now());
  const response = await fetch(webhook, {
    method: "POST",
    headers: { "content-type": "application/json", [SIGNATURE_HEADER]: signature, ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as object };
}

const stateOf = async (id: string) => {
  const query = `query ($id: UUID!) { order(id: $id) {
    version status isSettled regions { payment } payment { attempt { failure } } } }`;
  interface State extends Record<string, unknown> {
    readonly version: number;
    readonly regions: { readonly payment: string };
  }
  const { order } = await shop.ask<{ readonly order: State }>("operator", query, { id });
  return order;
};

const reached = (id: string, status: string) =>
  eventually(async () => {
    const { status: now, isSettled } = await stateOf(id);
    return now === status && isSettled === true;
  });

describe("the page of the sandbox", () => {
  test("lets a person confirm, and the order hears of it at once", async () => {
    const order = await waiting();
    const page = order.payment.attempt?.actionUrl ?? "";
    const asked = await fetch(page);
    expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining("Confirm")]);
    const body = new URLSearchParams({ decision: "confirm" });
    const done = await fetch(page, { method: "POST", body });
    expect(await done.text()).toContain("The payment is approved.");
    await reached(order.id, "PROCESSING");
    const again = await fetch(page, { method: "POST", body });
    expect(await again.text()).toContain("The payment is approved.");
    expect(await stateOf(order.id)).toMatchObject({ regions: { payment: "CAPTURED" } });
  });

  test("lets a person decline, and the order may be paid again", async () => {
    const order = await waiting();
    const page = order.payment.attempt?.actionUrl ?? "";
    await fetch(page, { method: "POST", body: new URLSearchParams({ decision: "decline" }) });
    // It is settled before the provider's word arrives, too: it waits for a person.
    await eventually(async () => {
      const state = await stateOf(order.id);
      return state.regions.payment === "FAILED" && state["isSettled"] === true;
    });
    expect(await stateOf(order.id)).toMatchObject({
      payment: { attempt: { failure: "ACTION_DECLINED" } },
    });
    const paymentMethod = { kind: "CARD", token: "tok_approved" };
    await shop.order("customer", "processPayment", { orderId: order.id, paymentMethod });
    await reached(order.id, "PROCESSING");
  });

  test("refuses what is no decision, no payment and no page of ours", async () => {
    const { payment } = await waiting();
    const page = payment.attempt?.actionUrl ?? "";
    const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
      method: "POST",
      body: new URLSearchParams(fields),
      headers,
    });
    const confirm = form({ decision: "confirm" });
    const nobodys = new URL(randomUUID(), page);
    const tries: readonly [number, string | URL, RequestInit][] = [
      [400, page, form({})],
      [400, page, form({ decision: "maybe" })],
      [404, nobodys, confirm],
      [404, new URL("%3Cscript%3E", page), confirm],
      [403, page, form({ decision: "confirm" }, { origin: "https://evil.example" })],
      [405, page, { method: "DELETE" }],
      [413, page, { method: "POST", body: "x".repeat(40_000) }],
    ];
    for (const [status, url, init] of tries) {
      const response = await fetch(url, init);
      expect([init.method, response.status]).toEqual([init.method, status]);
    }
  });
});

describe("a notice of the provider", () => {
  test("is recorded once, however often it is delivered", async () => {
    const order = await waiting();
    const sent = notice(order);
    const first = await deliver(sent);
    expect(first).toMatchObject({ status: 200, body: { recorded: true } });
    const all = await Promise.all([1, 2, 3].map(() => deliver(sent)));
    expect(all).toEqual([first, first, first]);
    expect(await deliver(sent, { signedWith: oldSecret })).toEqual(first);
    // Whatever it says the second time: the order has the first decision.
    expect(await deliver({ ...sent, outcome: { outcome: "APPROVED" } })).toEqual(first);
    await eventually(async () => (await stateOf(order.id))["isSettled"] === true);
    const { version, regions } = await stateOf(order.id);
    expect({ version, regions }).toMatchObject({
      version: order.version + 1,
      regions: { payment: "FAILED" },
    });
  });

  test("that comes when its moment has passed changes nothing, and is taken", async () => {
    const order = await waiting();
    const { body } = await deliver(notice(order));
    const { version } = body as { version: number };
    const late = [
      notice(order, { outcome: { outcome: "APPROVED" } }),
      notice(order, { call: "capture", outcome: { outcome: "APPROVED" } }),
      notice(order, { call: "void", outcome: { outcome: "APPROVED" } }),
      notice(order, { call: "refund", outcome: { outcome: "APPROVED" } }),
      notice(order, { key: randomUUID() }),
    ];
    for (const one of late) {
      expect(await deliver(one)).toMatchObject({ status: 200, body: { recorded: false, version } });
    }
  });

  test("of an order that ended meanwhile is recorded, and the money let go of", async () => {
    const order = await waiting();
    await shop.order("customer", "cancelOrder", { orderId: order.id, reason: "CUSTOMER" });
    const approved = notice(order, { outcome: { outcome: "APPROVED" } });
    expect(await deliver(approved)).toMatchObject({ status: 200 });
    await reached(order.id, "CANCELLED");
    const query = `query ($id: UUID!) { order(id: $id) {
      money { authorised { minor } captured { minor } } } }`;
    expect(await shop.ask("operator", query, { id: order.id })).toEqual({
      order: { money: { authorised: { minor: 0 }, captured: { minor: 0 } } },
    });
  });

  test("that is forged, old or from the future is refused and changes nothing", async () => {
    const order = await waiting();
    const sent = notice(order, { outcome: { outcome: "APPROVED" } });
    const minutes = (count: number) => Date.now() + count * 60_000;
    const of = (body: object, at = Date.now()) => signatureOf(secret, JSON.stringify(body), at);
    const tries: readonly [string, Delivery][] = [
      ["SIGNATURE_INVALID", { signedWith: "somebody else's key of many characters" }],
      ["SIGNATURE_INVALID", { headers: { [SIGNATURE_HEADER]: of({ ...sent, id: "other" }) } }],
      ["SIGNATURE_INVALID", { headers: { [SIGNATURE_HEADER]: of(sent).replace("t=", "t=1") } }],
      ["SIGNATURE_INVALID", { headers: { [SIGNATURE_HEADER]: "t=1,v1=" } }],
      ["SIGNATURE_INVALID", { headers: { [SIGNATURE_HEADER]: "" } }],
      ["SIGNATURE_INVALID", { headers: { [SIGNATURE_HEADER]: of(sent).slice(0, -1) } }],
      ["SIGNATURE_EXPIRED", { at: minutes(-6) }],
      ["SIGNATURE_EXPIRED", { at: minutes(6) }],
    ];
    for (const [code, delivery] of tries) {
      expect(await deliver(sent, delivery)).toMatchObject({
        status: 401,
        body: { error: { code } },
      });
    }
    const unsigned = await fetch(webhook, { method: "POST", body: JSON.stringify(sent) });
    expect(unsigned.status).toBe(401);
    const version = order.version + 1;
    expect(await deliver(notice(order))).toMatchObject({ body: { recorded: true, version } });
  });

  test.each([
    ["no JSON", "{", 400, "NOTICE_MALFORMED"],
    ["a list", "[]", 400, "NOTICE_MALFORMED"],
    ["empty", "", 400, "NOTICE_MALFORMED"],
    ["too large", `{"id":"${"x".repeat(40_000)}"}`, 413, "LIMIT_EXCEEDED"],
  ])("that is %s is refused", async (_what, body, status, code) => {
    expect(await deliver(body)).toMatchObject({ status, body: { error: { code } } });
  });

  test.each([
    ["without an outcome", { outcome: undefined }, "outcome"],
    ["that knows nothing", { outcome: { outcome: "UNKNOWN", reason: "?" } }, "outcome"],
    [
      "of a capture that requires action",
      { call: "capture", outcome: { outcome: "ACTION_REQUIRED" } },
      "outcome",
    ],
    ["of a call that nobody makes", { call: "steal" }, "call"],
    ["about a key that is none", { key: { $ne: null } }, "key"],
    ["without a name", { id: " " }, "id"],
  ])("%s is refused and says where", async (_what, changes, place) => {
    const sent = {
      ...notice({ id: randomUUID(), attemptId: randomUUID() } as Waiting),
      ...changes,
    };
    const { status, body } = await deliver(sent);
    expect([status, body]).toEqual([
      400,
      { error: { code: "NOTICE_MALFORMED", message: expect.stringContaining(place) as string } },
    ]);
  });

  test("of an order that is not there is refused, and so is another method", async () => {
    const nobodys = notice({ id: randomUUID(), attemptId: randomUUID() } as Waiting);
    expect(await deliver(nobodys)).toMatchObject({
      status: 404,
      body: { error: { code: "NOT_FOUND" } },
    });
    const read = await fetch(webhook);
    expect([read.status, read.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("an order whose refund is refused", () => {
  test("waits in cancelling where an operator finds it, and ends once it is retried", async () => {
    const { id: orderId } = await reserved(shop);
    const paymentMethod = { kind: "CARD", token: "tok_refund_declined_once" };
    await shop.order("customer", "processPayment", { orderId, paymentMethod });
    await shop.order("customer", "cancelOrder", { orderId, reason: "CUSTOMER" });
    const query = `{ orders(where: { status: [CANCELLING] }) {
      nodes { id refunds { id status } } } }`;
    interface Found {
      readonly orders: { readonly nodes: Pick<OrderAnswer, "id" | "refunds">[] };
    }
    const { orders } = await shop.ask<Found>("operator", query, {});
    const [refund] = orders.nodes.find(({ id }) => id === orderId)?.refunds ?? [];
    expect(refund).toMatchObject({ status: "FAILED" });
    const retry = { orderId, refundId: refund?.id };
    const refused = await shop.send("customer", "retryRefund", retry);
    expect(refused.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    expect(await shop.order("operator", "retryRefund", retry)).toMatchObject({
      status: "CANCELLED",
      refunds: [{ status: "RETRIED" }, { status: "REFUNDED" }],
      money: { refunded: { minor: 2_000 } },
    });
  });
});
