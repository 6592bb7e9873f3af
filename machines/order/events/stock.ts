import { z } from "zod";
import { quantity } from "../fields.ts";
import { units } from "./parts.ts";

const ofLine = z.object({ lineId: z.uuid() });

/** A request to the product of a line; it carries all that the product must know. */
const toProduct = ofLine.extend({ productId: z.uuid(), quantity });

/** What an order asks the products of its lines, and what it was told. */
export const stockEvents = {
  LineReservationRequested: { schemaVersion: 1, regions: ["reservation"], schema: toProduct },
  LineReserved: {
    schemaVersion: 1,
    regions: ["reservation"],
    schema: ofLine.extend({ quantity, backordered: units }),
  },
  LineRefused: {
    schemaVersion: 1,
    regions: ["reservation"],
    schema: ofLine.extend({ code: z.string(), requested: units, available: units }),
  },
  LineCommitRequested: { schemaVersion: 1, regions: ["reservation"], schema: toProduct },
  LineCommitted: { schemaVersion: 1, regions: ["reservation"], schema: ofLine },
  LineCommitDeclined: {
    schemaVersion: 1,
    regions: ["reservation"],
    schema: ofLine.extend({ code: z.string() }),
  },
  LineReleaseRequested: { schemaVersion: 1, regions: ["reservation"], schema: toProduct },
  LineReleased: { schemaVersion: 1, regions: ["reservation"], schema: ofLine.extend({ quantity }) },
  LineConsumed: {
    schemaVersion: 1,
    regions: ["reservation"],
    schema: ofLine.extend({ quantity, shortfall: units }),
  },
  OrderStockReserved: { schemaVersion: 1, regions: ["reservation"], schema: z.object({}) },
  OrderStockCommitted: { schemaVersion: 1, regions: ["reservation"], schema: z.object({}) },
  OrderStockConsumed: { schemaVersion: 1, regions: ["reservation"], schema: z.object({}) },
  OrderStockReleased: { schemaVersion: 1, regions: ["reservation"], schema: z.object({}) },
} as const;
