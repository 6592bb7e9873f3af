import { z } from "zod";
import { text } from "../values/text.ts";

/** The largest stock of one product, far inside the exact integers even after many adjustments. */
export const ON_HAND_MAX = 1_000_000_000;

/** How many reservations of one product may be live, so that a snapshot stays well below 16 MB. */
export const RESERVATIONS_MAX = 20_000;

export const productName = text(200);

/** May be empty, so that it can be taken away again. */
export const productDescription = text(5_000, 0);

export const productCategory = text(120);

export const onHand = z.int().min(0).max(ON_HAND_MAX);

export const stockDelta = z.int().min(-ON_HAND_MAX).max(ON_HAND_MAX);

export const reasonText = text(500);

/** Units of one line of an order. */
export const heldQuantity = z.int().min(1).max(ON_HAND_MAX);

export const stockPolicyKind = z.enum(["DENY", "BACKORDER"]);
