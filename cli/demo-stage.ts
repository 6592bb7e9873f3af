import { setTimeout as delay } from "node:timers/promises";
import {
  CommandRefused,
  type DemoClient,
  type Item,
  type OrderNow,
  type Sender,
} from "./demo-client.ts";
import type { Customer } from "./demo-people.ts";
import type { Shelf } from "./demo-shelf.ts";
import { soldOut, type Act, type Scene, type Story } from "./demo-stories.ts";

/** How often somebody comes who finds too little in stock. */
const TRIES_MAX = 5;

interface StageOptions {
  readonly client: DemoClient;
  readonly shelf: Shelf;
  readonly signal: AbortSignal;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  /** Mean time between two steps of people, in ms. */
  readonly paceMs: number;
  /** Tells what goes on, of which order if of one. */
  readonly tell: (what: string, order: OrderNow | null) => void;
}

/** Where stories take place. */
export interface Stage {
  /**
   * Plays a story to its end; a refusal ends it, but whoever found too little comes again later.
   * Throws what is no refusal.
   */
  play(story: Story, customer: Customer): Promise<void>;
  /** Every order as it was seen last. */
  orders(): readonly OrderNow[];
}

/** A stage with the keeper of the shelf at hand, who brings what is sold out. */
export function createStage(options: StageOptions): Stage {
  const { client, shelf, tell } = options;
  const last = new Map<string, OrderNow>();
  const seen = (order: OrderNow): OrderNow => {
    last.set(order.id, order);
    return order;
  };
  const pause = async (): Promise<void> => {
    const { paceMs, random, signal } = options;
    await delay(paceMs * (0.5 + random()), undefined, { signal });
  };
  const restock = async (sku: string): Promise<void> => {
    await pause();
    const units = await shelf.restock(sku);
    if (units !== null) tell(`${String(units)} new units of ${sku} come in`, null);
  };

  const act = async (sender: Sender, order: OrderNow, { name, input, told }: Act) => {
    const after = seen(await client.order(sender, name, { orderId: order.id, ...input }));
    tell(`${told} (${after.status})`, after);
    return after;
  };

  const sceneOf = (customer: Customer): Scene => ({
    pause,
    basket: () => fullBasket({ shelf, restock, pause }),
    tooMuch: () => shelf.tooMuch(),
    async place(items) {
      const products = await shelf.products();
      const currency = products.find(({ sku }) => sku === items[0]?.sku)?.price.currency ?? "EUR";
      const order = seen(await client.place(customer, items, currency));
      const basket = items.map(({ sku, quantity }) => `${String(quantity)} × ${sku}`).join(", ");
      tell(`${customer.name} orders ${basket} for ${order.total.decimal} ${currency}`, order);
      return order;
    },
    async pay(order, token) {
      const after = seen(await attempt(client, { customer, order, token }));
      const isPaid = after.status !== "PENDING";
      tell(isPaid ? `is paid (${after.status})` : "is not paid: the card was declined", after);
      return isPaid ? after : null;
    },
    customer: (order, step) => act(customer, order, step),
    shop: (order, step) => act("shop", order, step),
  });

  return {
    orders: () => [...last.values()],
    async play(story, customer) {
      for (let count = 1; count <= TRIES_MAX; count += 1) {
        try {
          await story(sceneOf(customer));
          return;
        } catch (error) {
          if (!(error instanceof CommandRefused)) throw error;
          const { code, sku, order } = error;
          if (order !== null) seen(order);
          tell(`${customer.name} is told ${code}${sku === null ? "" : ` of ${sku}`}`, order);
          if (code !== "INSUFFICIENT_STOCK" || sku === null) return;
          await restock(sku);
          if (story === soldOut) return;
        }
      }
    },
  };
}

interface Attempt {
  readonly customer: Customer;
  readonly order: OrderNow;
  readonly token: string;
}

/** The order after a payment, or as it was when the payment is declined. */
async function attempt(client: DemoClient, { customer, order, token }: Attempt): Promise<OrderNow> {
  const input = { orderId: order.id, paymentMethod: { kind: "CARD", token } };
  try {
    return await client.order(customer, "processPayment", input);
  } catch (error) {
    if (error instanceof CommandRefused && error.code === "PAYMENT_DECLINED") return order;
    throw error;
  }
}

interface Shopping {
  readonly shelf: Shelf;
  readonly restock: (sku: string) => Promise<void>;
  readonly pause: () => Promise<void>;
}

/** A basket that is not empty: where everything is sold out, the customer waits. */
async function fullBasket({ shelf, restock, pause }: Shopping): Promise<readonly Item[]> {
  for (;;) {
    const items = await shelf.basket();
    if (items.length > 0) return items;
    const [first] = await shelf.products();
    if (first === undefined) await pause();
    else await restock(first.sku);
  }
}
