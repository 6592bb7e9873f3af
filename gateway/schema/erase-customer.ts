import { z } from "zod";
import { requestOf } from "../context.ts";
import { GatewayError } from "../errors.ts";
import { builder } from "./builder.ts";
import { open } from "./root-access.ts";

interface Erased {
  readonly customerId: string;
  readonly outcome: "ERASED" | "ALREADY_ERASED" | "NOTHING_HELD";
  readonly erasedAt: string;
  readonly orders: number;
}

const CUSTOMER_ID_LENGTH_MAX = 128;
const customerIdSchema = z
  .string()
  .min(1)
  .max(CUSTOMER_ID_LENGTH_MAX)
  .regex(/^[^\0\p{Surrogate}]*$/u);

const outcomeType = builder.enumType("ErasureOutcome", {
  description: "What erasing a customer did. After any of them the customer is erased, for ever.",
  values: {
    ERASED: { description: "Their key was destroyed, and with it all that is personal." },
    ALREADY_ERASED: { description: "It had happened before." },
    NOTHING_HELD: { description: "Nothing personal was held, and nothing will be taken." },
  },
});

const erasedType = builder.objectRef<Erased>("ErasedCustomer").implement({
  description: "A customer who was erased.",
  fields: (t) => ({
    customerId: t.exposeString("customerId"),
    outcome: t.field({ type: outcomeType, resolve: ({ outcome }) => outcome }),
    erasedAt: t.field({
      type: "DateTime",
      description: "When it happened the first time.",
      resolve: ({ erasedAt }) => erasedAt,
    }),
    orders: t.exposeInt("orders", {
      description: "Their orders, which stay with all figures and are found by no name any more.",
    }),
  }),
});

builder.mutationField("eraseCustomer", (t) =>
  t.field({
    ...open("operator"),
    type: erasedType,
    description:
      "Destroys a customer's key for ever: name, e-mail, phone and address are gone from every " +
      "event, view, stream and copy. Orders, totals and histories stay. It cannot be taken back, " +
      "and may be repeated.",
    args: { customerId: t.arg.string({ required: true }) },
    async resolve(_source, { customerId }, context) {
      if (!customerIdSchema.safeParse(customerId).success) {
        const most = String(CUSTOMER_ID_LENGTH_MAX);
        const message = `customerId must be a customer's id, at most ${most} characters.`;
        throw new GatewayError("BAD_USER_INPUT", message);
      }
      const { privacy, forgetCustomer } = context.services;
      const { subject } = requestOf(context).caller;
      const { outcome, erasedAt } = await privacy.erase(customerId, subject);
      const orders = await forgetCustomer(customerId);
      return { customerId, outcome, erasedAt: erasedAt.toISOString(), orders };
    },
  }),
);
