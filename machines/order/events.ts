import { eventsOf } from "../kernel/define.ts";
import type { EventOf } from "../kernel/define.ts";
import { fulfilmentEvents } from "./events/fulfilment.ts";
import { lifecycleEvents } from "./events/lifecycle.ts";
import { paymentEvents } from "./events/payment.ts";
import { stockEvents } from "./events/stock.ts";

/** Every fact of an order's life. */
export const orderEvents = {
  ...lifecycleEvents,
  ...stockEvents,
  ...paymentEvents,
  ...fulfilmentEvents,
};

export type OrderEvent = EventOf<typeof orderEvents>;

/** The data of one type of event. */
export type OrderEventData<Type extends OrderEvent["type"]> = Extract<
  OrderEvent,
  { readonly type: Type }
>["data"];

/** Builds an event of an order in its present version. */
export const orderEvent = eventsOf(orderEvents);
