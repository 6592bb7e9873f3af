import type { OrderContext, OrderReturn } from "../../machines/index.ts";
import { builder } from "./builder.ts";

type Shipment = OrderContext["shipments"][number];
type Tracking = NonNullable<Shipment["tracking"]>;
type Units = Shipment["lines"][number];

const unitsType = builder.objectRef<Units>("LineUnits").implement({
  description: "Units of a line.",
  fields: (t) => ({
    lineId: t.field({ type: "UUID", resolve: ({ lineId }) => lineId }),
    quantity: t.exposeInt("quantity"),
  }),
});

const trackingType = builder.objectRef<Tracking>("Tracking").implement({
  description: "Who carries a parcel and how to follow it.",
  fields: (t) => ({
    carrier: t.exposeString("carrier"),
    number: t.string({ nullable: true, resolve: ({ number }) => number }),
    url: t.string({ nullable: true, resolve: ({ url }) => url }),
  }),
});

export const shipmentType = builder.objectRef<Shipment>("Shipment").implement({
  description: "Units that left together.",
  fields: (t) => ({
    id: t.field({ type: "UUID", resolve: ({ shipmentId }) => shipmentId }),
    tracking: t.field({
      type: trackingType,
      nullable: true,
      resolve: ({ tracking }) => tracking,
    }),
    lines: t.field({ type: [unitsType], resolve: ({ lines }) => lines }),
    shippedAt: t.field({ type: "DateTime", resolve: ({ shippedAt }) => shippedAt }),
  }),
});

const returnStatusType = builder.enumType("ReturnStatus", {
  values: ["REQUESTED", "APPROVED", "DECLINED", "RECEIVED"] as const,
});

const returnedUnitsType = builder
  .objectRef<OrderReturn["lines"][number]>("ReturnedUnits")
  .implement({
    description: "Units of a line that are to come back.",
    fields: (t) => ({
      lineId: t.field({ type: "UUID", resolve: ({ lineId }) => lineId }),
      quantity: t.exposeInt("quantity"),
      received: t.exposeInt("received", { description: "How many of them have come back." }),
    }),
  });

export const returnType = builder.objectRef<OrderReturn>("Return").implement({
  description: "Units that come back, or were asked to.",
  fields: (t) => ({
    id: t.field({ type: "UUID", resolve: ({ returnId }) => returnId }),
    status: t.field({ type: returnStatusType, resolve: ({ status }) => status }),
    reason: t.exposeString("reason"),
    lines: t.field({ type: [returnedUnitsType], resolve: ({ lines }) => lines }),
  }),
});
