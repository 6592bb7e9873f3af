import { z } from "zod";
import { PaymentError } from "./payment-error.ts";

const key = z.string().min(1).max(200);

const amount = z.object({
  minor: z.int().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
});

/** What the calls of a provider may look like. */
export const requests = {
  authorise: z.object({
    key,
    amount,
    token: z.string().min(1).max(200),
    reference: z.string().max(200).optional(),
  }),
  capture: z.object({ key, amount }),
  void: z.object({ key }),
  refund: z.object({ key, paymentKey: key, amount }),
};

/** The request with nothing in it that does not belong there; else throws `REQUEST_INVALID`. */
export function checked<T>(schema: z.ZodType<T>, request: T): T {
  const { data, error } = schema.safeParse(request);
  if (error === undefined) return data;
  throw new PaymentError("REQUEST_INVALID", z.prettifyError(error), { cause: error });
}
