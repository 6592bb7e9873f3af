import { createHash } from "node:crypto";
import { v5 } from "uuid";
import { GENESIS_HASH, lastVersion, partitionOf, sealCommit, type Commit } from "../log/index.ts";
import {
  aggregates,
  decide,
  DEFAULT_POLICY,
  initialState,
  lineIdOf,
  orderIdOf,
  orderNumberOf,
  productIdOf,
  reactionsOf,
  type AggregateName,
  type Caller,
  type EntityState,
  type Reaction,
} from "../machines/index.ts";

const NAMESPACE = "0b0c4a34-9d7e-4f7e-8f0a-5b1a3f6f7c10";
const INTERNAL: Caller = { subject: "reactor", scope: "internal" };
const STAFF: Caller = { subject: "bench", scope: "operator" };
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** A product as it is first put on sale. */
export interface PaperProduct {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly minor: number;
  readonly onHand: number;
}

/** How far an order goes. */
export const courses = [
  "reserved",
  "rejected",
  "cancelled",
  "paid",
  "shipped",
  "delivered",
  "refunded",
] as const;

export type Course = (typeof courses)[number];

/** An order as its customer wants it. */
export interface PaperOrder {
  /** Tells orders apart, in every paper shop alike. */
  readonly name: string;
  readonly customerId: string;
  /** As `privacy/` has sealed it. */
  readonly personal: object;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly course: Course;
  /** When it is placed (ms since the epoch). */
  readonly at: number;
}

/**
 * Products and orders that live without servers: the real rules and reactions make every commit,
 * and a provider that approves of every payment. For histories that are what would be stored.
 */
export interface PaperShop {
  /** Everything that landed, those of one entity in version order. */
  readonly commits: readonly Commit[];
  /** How far each order went, by its id. */
  readonly orders: ReadonlyMap<string, Course>;
  sell(product: PaperProduct, at: number): void;
  /** With everything that the order leads to. Throws at a refusal. */
  order(order: PaperOrder): void;
}

interface Entity {
  state: EntityState;
  head: Commit | null;
}

interface Sent {
  readonly commandId: string;
  readonly aggregate: AggregateName;
  readonly entityId: string;
  readonly type: string;
  readonly data: object;
  readonly by: Caller;
}

/** An empty shop. */
export function createPaperShop(): PaperShop {
  const products = new Map<string, PaperProduct>();
  const orders = new Map<string, Course>();
  const book = createBook();
  return {
    commits: book.commits,
    orders,
    sell(product, at) {
      const { sku, name, category, minor, onHand } = product;
      products.set(sku, product);
      const price = { minor, currency: "EUR" };
      const target = { aggregate: "product", entityId: productIdOf(sku), by: STAFF } as const;
      const send = (type: string, data: object): void =>
        book.send({ ...target, type, data, commandId: v5(`${sku}/${type}`, NAMESPACE) }, at);
      send("CreateProduct", { sku, name, category, price, onHand });
      send("PublishProduct", {});
    },
    order(order) {
      const { name, customerId, course, at } = order;
      const commandId = v5(name, NAMESPACE);
      const data = orderData(order, { commandId, products });
      const entityId = orderIdOf(data.orderNumber);
      const by = { subject: customerId, scope: "customer" } as const;
      const create = { commandId, aggregate: "order", entityId, type: "CreateOrder" } as const;
      book.send({ ...create, data, by }, at);
      let time = at;
      for (const [type, input, afterMs, sender] of stepsOf(course, data)) {
        time += afterMs;
        const stepId = v5(`${name}/${type}`, NAMESPACE);
        const step = { ...create, commandId: stepId, type, data: input };
        book.send({ ...step, by: sender === "customer" ? by : STAFF }, time);
      }
      orders.set(entityId, course);
    },
  };
}

interface Facts {
  readonly commandId: string;
  readonly products: ReadonlyMap<string, PaperProduct>;
}

/** What the gateway would make of it. */
function orderData({ customerId, personal, items }: PaperOrder, { commandId, products }: Facts) {
  const lines = items.map(({ sku }, index) => {
    const product = products.get(sku);
    if (product === undefined) throw new Error(`${sku} is not on sale`);
    const { name, category, minor } = product;
    const unitPrice = { minor, currency: "EUR" };
    const known = { name, category, unitPrice, isSellable: true };
    const lineId = lineIdOf(commandId, index);
    return { lineId, productId: productIdOf(sku), sku, product: known };
  });
  const orderNumber = orderNumberOf(commandId);
  const given = { currency: "EUR", items, personal, taxes: [], policy: DEFAULT_POLICY };
  return { ...given, orderNumber, customerId, lines };
}

type PaperStep = readonly [type: string, data: object, afterMs: number, by: "customer" | "staff"];

/** The commands after the first, each so long after the one before. */
function stepsOf(course: Course, { orderNumber, lines }: ReturnType<typeof orderData>) {
  const method = { kind: "CARD", token: "tok_approved", label: "4242" };
  const pay: PaperStep = ["ProcessPayment", { paymentMethod: method }, 2 * MINUTE_MS, "customer"];
  const tracking = { carrier: "DHL", number: `JD${orderNumber.replaceAll("-", "").slice(0, 10)}` };
  const ship: PaperStep = ["ShipOrder", { tracking }, DAY_MS, "staff"];
  const deliver: PaperStep = ["ConfirmDelivery", {}, 2 * DAY_MS, "staff"];
  const [first] = lines;
  const units = { lines: [{ lineId: first?.lineId, quantity: 1 }], reason: "did not please" };
  const refund: PaperStep = ["RefundOrder", units, 4 * DAY_MS, "staff"];
  const cancel: PaperStep = ["CancelOrder", { reason: "CUSTOMER" }, 5 * MINUTE_MS, "customer"];
  const steps: Readonly<Record<Course, readonly PaperStep[]>> = {
    reserved: [],
    rejected: [],
    cancelled: [cancel],
    paid: [pay],
    shipped: [pay, ship],
    delivered: [pay, ship, deliver],
    refunded: [pay, ship, deliver, refund],
  };
  return steps[course];
}

/** The entities, and the log that their commits make. */
function createBook() {
  const entities = new Map<string, Entity>();
  const commits: Commit[] = [];

  function land(
    { commandId, aggregate, entityId, type, data, by }: Sent,
    at: string,
  ): Commit | null {
    const rules = aggregates[aggregate];
    const entity = entities.get(entityId) ?? { state: initialState(rules), head: null };
    entities.set(entityId, entity);
    const parsed = rules.commands[type]?.schema.parse(data) as object;
    const decision = decide(rules, entity.state, { type, data: parsed, now: at, by });
    if (decision.kind === "refused") throw new Error(`${type}: ${decision.refusal.message}`);
    if (decision.events.length === 0) return null;
    const { subject, scope } = by;
    const payloadHash = createHash("sha256").update(JSON.stringify(data)).digest("base64url");
    const sender = { subject, scope, command: type, correlationId: commandId, payloadHash };
    const commit = sealCommit(entity.head?.hash ?? GENESIS_HASH, {
      id: commandId,
      stream: entityId,
      aggregate,
      version: entity.head === null ? 1 : lastVersion(entity.head) + 1,
      partition: partitionOf(entityId),
      at,
      meta: { ...sender, node: "bench", epoch: 0 },
      events: decision.events,
    });
    entity.state = decision.state;
    entity.head = commit;
    commits.push(commit);
    return commit;
  }

  return {
    commits,
    /** With all that it leads to, first come, first served. */
    send(command: Sent, time: number): void {
      const at = new Date(time).toISOString();
      const waiting = [command];
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const commit = land(next, at);
        if (commit !== null) waiting.push(...reactionsTo(commit).map(sentBy));
      }
    },
  };
}

function reactionsTo({ aggregate, stream, version, events }: Commit): readonly Reaction[] {
  return events.flatMap((event, index) =>
    reactionsOf({ aggregate, stream, version: version + index, event }),
  );
}

/** What the reactor sends; the provider approves of everything. */
function sentBy(reaction: Reaction): Sent {
  if (reaction.kind === "command") return { ...reaction, by: INTERNAL };
  const { record } = reaction;
  return { ...record, data: { ...record.data, outcome: "APPROVED" }, by: INTERNAL };
}
