import { z } from "zod";
import { text } from "./text.ts";

/** Who carries a parcel and how to follow it. */
export const trackingInfo = z.object({
  carrier: text(80),
  number: text(120).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});

export type TrackingInfo = z.output<typeof trackingInfo>;
