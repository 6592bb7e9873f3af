import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Customer } from "./demo-people.ts";
import { askUntilAnswered, NoAnswer } from "./graphql-request.ts";

const SETTLED_POLL_DELAY_MS = 250;
const PRODUCTS_MAX = 50;

/** Who sends a command: the shop, or a customer. */
export type Sender = Customer | "shop";

/** Where the gateway is and who may speak to it, as of now. */
export interface Access {
  readonly url: string;
  /** The token of a sender; null where there is no customer's, and the shop orders for them. */
  readonly tokenOf: (sender: Sender) => string | null;
}

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

/** An order at rest: the next step is a person's. */
export interface OrderNow {
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly status: string;
  readonly isSettled: boolean;
  readonly total: { readonly decimal: string; readonly currency: string };
  readonly lines: readonly {
    readonly id: string;
    readonly sku: string;
    readonly ordered: number;
    readonly delivered: number;
  }[];
  readonly returns: readonly { readonly id: string; readonly status: string }[];
  readonly rejection: { readonly code: string; readonly sku: string | null } | null;
}

export interface ProductNow {
  readonly id: string;
  readonly sku: string;
  readonly price: { readonly minor: number; readonly currency: string };
  readonly stock: { readonly available: number };
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly sku?: string | null;
}

/** The shop says no; where the stock was too small, of which product. */
export class CommandRefused extends Error {
  readonly code: string;
  readonly sku: string | null;
  /** The order that it was about, as far as there is one. */
  readonly order: OrderNow | null;

  constructor({ code, message, sku = null }: Trouble, order: OrderNow | null = null) {
    super(message);
    this.name = "CommandRefused";
    this.code = code;
    this.sku = sku;
    this.order = order;
  }
}

/** The shop as its people use it, through GraphQL and nothing else; waits for it as it must. */
export interface DemoClient {
  /** A new order, once its stock is reserved. Throws `CommandRefused`, also when it is rejected. */
  place(customer: Customer, items: readonly Item[], currency: string): Promise<OrderNow>;
  /** An order after a command, once it is at rest. Throws `CommandRefused`. */
  order(sender: Sender, name: string, input: object): Promise<OrderNow>;
  /** Makes a product and puts it on sale. Throws `CommandRefused`. */
  newProduct(input: object): Promise<void>;
  /** A command on a product. Throws `CommandRefused`. */
  product(name: string, input: object): Promise<void>;
  /** What is on sale. */
  products(): Promise<readonly ProductNow[]>;
}

interface ClientOptions {
  readonly access: () => Access;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const orderFields = `id number version status isSettled total { decimal currency }
  lines { id sku ordered delivered } returns { id status } rejection { code sku }`;
const errorFields = "errors { code message ... on InsufficientStock { sku } }";
const readOrder = `query ($id: UUID!, $atLeast: Int) {
  order(id: $id, atLeastVersion: $atLeast) { ${orderFields} } }`;
const readProducts = `query { products(first: ${String(PRODUCTS_MAX)},
  where: { status: [ACTIVE] }) { nodes { id sku price { minor currency } stock { available } } } }`;
/** What nobody but this program is to blame for. */
const BAD_INPUT = "VALIDATION";
/** Told beside what was accepted and is still on its way. */
const ON_ITS_WAY: ReadonlySet<string> = new Set(["NOT_SETTLED", "READ_MODEL_BEHIND"]);

interface Payload {
  readonly order?: OrderNow | null;
  readonly product?: { readonly id: string } | null;
  readonly errors: readonly Trouble[];
}

/** A client that rides out restarts and keeps to the limits; ends when the signal aborts. */
export function createDemoClient(options: ClientOptions): DemoClient {
  const { access, signal } = options;
  const send = createSend(options);

  const atRest = async (sender: Sender, order: OrderNow): Promise<OrderNow> => {
    let now = order;
    while (!now.isSettled) {
      await delay(SETTLED_POLL_DELAY_MS, undefined, { signal });
      const variables = { id: now.id, atLeast: now.version };
      const answer = await send<{ order: OrderNow | null }>(sender, readOrder, variables);
      now = answer.order ?? now;
    }
    return now;
  };

  const order: DemoClient["order"] = async (sender, name, input) => {
    const settled = { consistency: "SETTLED", ...input };
    const fields = `order { ${orderFields} }`;
    const { order: accepted } = await command(send, sender, { name, input: settled, fields });
    if (!accepted) throw new Error(`${name} was accepted and led to no order`);
    return atRest(sender, accepted);
  };

  return {
    order,
    async place(customer, items, currency) {
      const { id, personal } = customer;
      const isOnBehalf = access().tokenOf(customer) === null;
      const whose = isOnBehalf ? { customerId: id } : {};
      const placed = await order(customer, "createOrder", { currency, items, personal, ...whose });
      const { rejection } = placed;
      if (rejection === null) return placed;
      throw new CommandRefused({ ...rejection, message: "The order was rejected." }, placed);
    },
    async product(name, input) {
      await command(send, "shop", {
        name,
        input: { consistency: "STRONG", ...input },
        fields: "version",
      });
    },
    async newProduct(input) {
      const fields = "product { id }";
      const { product } = await command(send, "shop", { name: "createProduct", input, fields });
      const publish = { productId: product?.id, consistency: "STRONG" };
      await command(send, "shop", { name: "publishProduct", input: publish, fields: "version" });
    },
    async products() {
      const { products } = await send<{ products: { nodes: ProductNow[] } }>(
        "shop",
        readProducts,
        {},
      );
      return products.nodes;
    },
  };
}

/** Sends whatever it may be until it is answered, and says when it has to wait for the gateway. */
type Send = <Data>(sender: Sender, query: string, variables: object) => Promise<Data>;

function createSend({ access, signal, say }: ClientOptions): Send {
  let isAway = false;
  const onVain = (error: Error): void => {
    if (isAway || !(error instanceof NoAnswer)) return;
    isAway = true;
    say("-- the gateway does not answer; everybody waits");
  };

  return async <Data>(sender: Sender, query: string, variables: object): Promise<Data> => {
    const question = () => {
      const { url, tokenOf } = access();
      return { url, token: tokenOf(sender) ?? tokenOf("shop") ?? "", query, variables };
    };
    const data = await askUntilAnswered<Data>(question, { signal, onVain });
    if (isAway) say("-- the gateway is back");
    isAway = false;
    return data;
  };
}

interface Command {
  readonly name: string;
  readonly input: object;
  /** What its payload is asked for. */
  readonly fields: string;
}

/** One command; throws `CommandRefused` when it is. */
async function command(
  send: Send,
  sender: Sender,
  { name, input, fields }: Command,
): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) {
    ${fields} ${errorFields} } }`;
  const keyed = { idempotencyKey: randomUUID(), ...input };
  const answer = await send<Record<string, Payload>>(sender, query, { input: keyed });
  const payload = answer[name] ?? { errors: [] };
  const error = payload.errors.find(({ code }) => !ON_ITS_WAY.has(code));
  if (error === undefined) return payload;
  if (error.code === BAD_INPUT) throw new Error(`${name}: ${error.message}`);
  throw new CommandRefused(error, payload.order ?? null);
}
