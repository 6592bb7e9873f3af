import { z } from "zod";
import { eventsOf } from "../kernel/define.ts";
import type { EventOf } from "../kernel/define.ts";
import { price } from "../values/money.ts";
import {
  heldQuantity,
  onHand,
  productCategory,
  productDescription,
  productName,
  reasonText,
  stockDelta,
  stockPolicyKind,
} from "./fields.ts";

const units = z.int().min(0);

/** An answer to an order about one of its lines; it carries all that the order must know. */
const toOrder = z.object({ orderId: z.uuid(), lineId: z.uuid() });

/** `requested` is what was asked for, `quantity` what was done. */
const partly = toOrder.extend({ requested: heldQuantity, quantity: units });

/** Every fact of a product's life. */
export const productEvents = {
  ProductCreated: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({
      sku: z.string(),
      name: productName,
      description: productDescription.optional(),
      category: productCategory,
      price,
      onHand,
      createdAt: z.iso.datetime(),
    }),
  },
  ProductUpdated: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    /** Only what changed. */
    schema: z.object({
      name: productName.optional(),
      description: productDescription.optional(),
      category: productCategory.optional(),
    }),
  },
  ProductCategorised: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ category: productCategory }),
  },
  PriceChanged: { schemaVersion: 1, regions: ["lifecycle"], schema: z.object({ price }) },
  PriceScheduled: {
    schemaVersion: 1,
    regions: ["lifecycle", "price"],
    schema: z.object({ price, effectiveAt: z.iso.datetime() }),
  },
  ScheduledPriceApplied: {
    schemaVersion: 1,
    regions: ["lifecycle", "price"],
    schema: z.object({ price }),
  },
  StockAdjusted: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ delta: stockDelta, reason: reasonText }),
  },
  StockSet: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ onHand, changedFrom: onHand, damaged: onHand, reason: reasonText }),
  },
  StockPolicySet: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ kind: stockPolicyKind, backorderLimit: onHand, safety: onHand }),
  },
  StockReserved: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: toOrder.extend({ quantity: heldQuantity, backordered: units }),
  },
  StockReservationDeclined: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: toOrder.extend({ code: z.string(), requested: heldQuantity, available: units }),
  },
  ReservationCommitted: { schemaVersion: 1, regions: ["lifecycle"], schema: toOrder },
  ReservationCommitDeclined: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: toOrder.extend({ code: z.string() }),
  },
  ReservationReleased: { schemaVersion: 1, regions: ["lifecycle"], schema: partly },
  ReservationConsumed: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    /** `shortfall`: units that were shipped although the stock did not have them. */
    schema: partly.extend({ shortfall: units }),
  },
  StockRestocked: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({
      orderId: z.uuid(),
      returnId: z.uuid(),
      lineId: z.uuid(),
      quantity: heldQuantity,
      isDamaged: z.boolean(),
    }),
  },
  ProductPublished: { schemaVersion: 1, regions: ["lifecycle"], schema: z.object({}) },
  ProductUnlisted: { schemaVersion: 1, regions: ["lifecycle"], schema: z.object({}) },
  ProductDiscontinued: {
    schemaVersion: 1,
    regions: ["lifecycle"],
    schema: z.object({ reason: reasonText.optional() }),
  },
  ProductArchived: { schemaVersion: 1, regions: ["lifecycle"], schema: z.object({}) },
  ProductUnarchived: { schemaVersion: 1, regions: ["lifecycle"], schema: z.object({}) },
} as const;

export type ProductEvent = EventOf<typeof productEvents>;

/** The data of one type of event. */
export type ProductEventData<Type extends ProductEvent["type"]> = Extract<
  ProductEvent,
  { readonly type: Type }
>["data"];

/** Builds an event of a product in its present version. */
export const productEvent = eventsOf(productEvents);
