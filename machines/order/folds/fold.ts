import type { OrderEvent, OrderEventData } from "../events.ts";
import type { OrderContext } from "../state.ts";

/** What each event changes in the context; only that. */
export type Folds = {
  readonly [Type in OrderEvent["type"]]: (
    context: OrderContext,
    data: OrderEventData<Type>,
  ) => Partial<OrderContext>;
};
