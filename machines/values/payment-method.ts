import { z } from "zod";
import { text } from "./text.ts";

/** How an order is paid: a token of the payment provider, never a card number. */
export const paymentMethod = z.object({
  kind: z.enum(["CARD", "WALLET", "BANK_TRANSFER", "INVOICE"]),
  token: text(200).regex(/^(?![\d\s-]{12,}$)/, "must be the provider's token, not a card number"),
  /** What a person recognises it by, such as the last digits. */
  label: text(60).optional(),
});

export type PaymentMethod = z.output<typeof paymentMethod>;
