import {
  isOutcomeUnknown,
  orderAggregate,
  orderRegions,
  paymentState,
} from "../../machines/index.ts";
import type { OrderContext } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { builder } from "./builder.ts";
import { regionEnum } from "./region-enum.ts";

const region = (name: string, key: string) => regionEnum(name, orderAggregate, key);

const lifecycle = region("OrderLifecycle", "lifecycle");
const reservation = region("OrderReservation", "reservation");
const payment = region("OrderPaymentState", "payment");
const fulfilment = region("OrderFulfilment", "fulfilment");
const returns = region("OrderReturnsState", "returns");
const hold = region("OrderHoldState", "hold");

/** Where an order stands in each region of its statechart, typed. */
export const orderRegionsType = builder
  .objectRef<EntityView<OrderContext>["state"]>("OrderRegions")
  .implement({
    description: "Where the order stands in each region of its statechart; all hold at once.",
    fields: (t) => ({
      lifecycle: t.field({ type: lifecycle, resolve: (state) => orderRegions(state).lifecycle }),
      reservation: t.field({
        type: reservation,
        description: "The stock of all lines together.",
        resolve: (state) => orderRegions(state).reservation,
      }),
      payment: t.field({ type: payment, resolve: (state) => paymentState(state) }),
      isPaymentOutcomeUnknown: t.boolean({
        description: "The provider was asked and has not told; it is asked again by itself.",
        resolve: (state) => isOutcomeUnknown(state),
      }),
      fulfilment: t.field({ type: fulfilment, resolve: (state) => orderRegions(state).fulfilment }),
      returns: t.field({
        type: returns,
        description: "What the returns still wait for, all together.",
        resolve: (state) => orderRegions(state).returns,
      }),
      hold: t.field({ type: hold, resolve: (state) => orderRegions(state).hold }),
    }),
  });
