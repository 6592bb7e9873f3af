import { z } from "zod";
import { trackingInfo } from "../../values/tracking.ts";
import { cancelReason, disposition, quantity, reasonText } from "../fields.ts";
import { minorUnits, moment } from "./parts.ts";

const lines = z.array(z.object({ lineId: z.uuid(), quantity }));
const goods = z.object({ lineId: z.uuid(), productId: z.uuid(), sku: z.string(), quantity });
const ofReturn = z.object({ returnId: z.uuid() });

/** Facts of an order's goods on their way there and back. */
export const fulfilmentEvents = {
  OrderShipped: {
    schemaVersion: 1,
    regions: ["lifecycle", "fulfilment"],
    schema: z.object({
      shipmentId: z.uuid(),
      tracking: trackingInfo.nullable(),
      lines: z.array(goods),
      shippedAt: moment,
    }),
  },
  DeliveryConfirmed: {
    schemaVersion: 1,
    regions: ["lifecycle", "fulfilment"],
    schema: z.object({ lines, deliveredAt: moment }),
  },
  OrderLinesCancelled: {
    schemaVersion: 1,
    regions: ["lifecycle", "fulfilment"],
    schema: z.object({
      lines,
      reason: cancelReason,
      note: z.string().optional(),
      /** What the units were worth. */
      minor: minorUnits,
      /** How much of that was captured, or is about to be, and has to go back. */
      owedMinor: minorUnits,
    }),
  },
  ReturnRequested: {
    schemaVersion: 1,
    regions: ["fulfilment", "returns"],
    schema: ofReturn.extend({ lines, reason: reasonText }),
  },
  ReturnApproved: { schemaVersion: 1, regions: ["returns"], schema: ofReturn },
  ReturnDeclined: {
    schemaVersion: 1,
    regions: ["returns"],
    schema: ofReturn.extend({ reason: reasonText }),
  },
  ReturnReceived: {
    schemaVersion: 1,
    regions: ["returns"],
    schema: ofReturn.extend({ lines: z.array(goods.extend({ disposition })) }),
  },
} as const;
