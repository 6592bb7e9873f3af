import { z } from "zod";

/** A moment of business time. */
export const moment = z.iso.datetime();

/** A number of units, none included. */
export const units = z.int().min(0);

/** An amount in minor units of the order's currency, none included. */
export const minorUnits = z.int().min(0);

/** The moment that comes a time after another. */
export function later(at: string, durationMs: number): string {
  return new Date(Date.parse(at) + durationMs).toISOString();
}
