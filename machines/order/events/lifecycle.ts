import { z } from "zod";
import { price } from "../../values/money.ts";
import { sealedPersonal } from "../../values/personal.ts";
import { taxRate } from "../../values/tax.ts";
import {
  DEFAULT_POLICY,
  cancelReason,
  discounts,
  orderPolicy,
  quantity,
  reasonText,
} from "../fields.ts";
import { later, moment, units } from "./parts.ts";

const line = z.object({
  lineId: z.uuid(),
  productId: z.uuid(),
  sku: z.string(),
  name: z.string(),
  category: z.string(),
  unitPrice: price,
  quantity,
});

/** Facts of an order as a whole. A line has name, category and price as they were then. */
export const lifecycleEvents = {
  OrderCreated: {
    schemaVersion: 2,
    regions: ["lifecycle", "reservation"],
    schema: z.object({
      orderNumber: z.string(),
      customerId: z.string(),
      currency: z.string(),
      lines: z.array(line),
      personal: sealedPersonal,
      createdAt: moment,
      discounts,
      taxes: z.array(taxRate),
      policy: orderPolicy,
      expiresAt: moment,
    }),
    /** Version 1 knew neither taxes nor discounts, and its orders never expired. */
    upcasters: {
      1: (data: object) => ({
        ...data,
        discounts: [],
        taxes: [],
        policy: DEFAULT_POLICY,
        expiresAt: later(
          (data as { createdAt: string }).createdAt,
          DEFAULT_POLICY.reservationTtlMs,
        ),
      }),
    },
  },
  OrderItemAdded: {
    schemaVersion: 1,
    regions: ["lifecycle", "reservation"],
    schema: z.object({ line }),
  },
  OrderItemRemoved: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ lineId: z.uuid(), reason: reasonText }),
  },
  ShippingAddressUpdated: {
    schemaVersion: 1,
    regions: ["lifecycle", "fulfilment"],
    schema: z.object({ personal: sealedPersonal }),
  },
  OrderConfirmed: { schemaVersion: 1, regions: ["lifecycle"], schema: z.object({}) },
  OrderRejected: {
    schemaVersion: 1,
    regions: ["lifecycle", "reservation", "fulfilment"],
    schema: z.object({
      code: z.string(),
      sku: z.string().optional(),
      requested: units.optional(),
      available: units.optional(),
      rejectedAt: moment,
    }),
  },
  OrderExpired: {
    schemaVersion: 1,
    regions: ["lifecycle", "reservation", "fulfilment"],
    schema: z.object({ expiredAt: moment }),
  },
  OrderCancellationRequested: {
    schemaVersion: 1,
    regions: ["lifecycle", "reservation"],
    schema: z.object({
      reason: cancelReason,
      note: z.string().optional(),
      requestedAt: moment,
    }),
  },
  OrderCancelled: {
    schemaVersion: 1,
    regions: ["lifecycle", "fulfilment"],
    schema: z.object({
      reason: cancelReason,
      note: z.string().optional(),
      cancelledAt: moment,
    }),
  },
  OrderCompleted: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ completedAt: moment }),
  },
  OrderHeld: {
    schemaVersion: 1,
    regions: ["lifecycle", "hold"],
    schema: z.object({ reason: reasonText }),
  },
  HoldReleased: {
    schemaVersion: 1,
    regions: ["lifecycle", "hold"],
    schema: z.object({ reason: reasonText }),
  },
} as const;
