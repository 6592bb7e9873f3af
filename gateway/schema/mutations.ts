import { aggregates } from "../../machines/index.ts";
import type { AggregateName, CommandDefinition } from "../../machines/index.ts";
import type { TokenScope } from "../auth/token.ts";
import { builder } from "./builder.ts";
import {
  cancelReasonType,
  dispositionType,
  orderStatusType,
  paymentMethodKindType,
} from "./order-enums.ts";
import type { OrderView } from "./order.ts";
import { orderPayload, productPayload } from "./payloads.ts";
import { stockPolicyType } from "./product.ts";
import type { ProductView } from "./product.ts";
import { open } from "./root-access.ts";
import { runMutation } from "./run-mutation.ts";
import { createInputMirror, inputFields } from "./zod-input.ts";
import type { MirroredField } from "./zod-input.ts";

const consistencyType = builder.enumType("Consistency", {
  description: "What must be true before a mutation answers.",
  values: {
    EVENTUAL: { description: "The command is accepted, durably." },
    STRONG: { description: "Queries see it as well." },
    SETTLED: {
      description:
        "What the command has started has ended as well, within ten seconds: stock is reserved, " +
        "the payment is decided. A failure of that is an error beside the order.",
    },
  },
});

/** Names of the input types that several commands share, by the field they stand under. */
const mirror = createInputMirror(
  {
    amount: "MoneyInput",
    contact: "ContactInput",
    discounts: "DiscountInput",
    goods: "ReturnedGoodsInput",
    items: "OrderItemInput",
    lines: "LineUnitsInput",
    paymentMethod: "PaymentMethodInput",
    price: "MoneyInput",
    shippingAddress: "AddressInput",
    tracking: "TrackingInput",
  },
  // What is sent and what is read are the same enums.
  {
    disposition: dispositionType,
    kind: paymentMethodKindType,
    policy: stockPolicyType,
    reason: cancelReasonType,
    status: orderStatusType,
  },
);

/** Beside the command's own fields; `consistency` comes on top. */
const optionFields: Readonly<Record<string, MirroredField>> = {
  idempotencyKey: { type: "String", required: false, isList: false },
  expectedVersion: { type: "Int", required: false, isList: false },
};

builder.mutationType({
  description: "Commands. A repeated `idempotencyKey` gets the first answer again, at any time.",
});

for (const name of ["order", "product"] as const) {
  for (const [type, definition] of Object.entries(aggregates[name].commands)) {
    const scopes = definition.scopes.filter((scope) => scope !== "internal");
    if (scopes.length > 0) addMutation({ name, type, definition, scopes });
  }
}

interface PublicCommand {
  readonly name: AggregateName;
  readonly type: string;
  readonly definition: CommandDefinition;
  readonly scopes: readonly TokenScope[];
}

function addMutation({ name, type, definition, scopes }: PublicCommand): void {
  const target = definition.creates ? null : `${name}Id`;
  const input = inputType(type, definition, target);
  const command = { name, type, definition, target };
  const { description } = definition;
  builder.mutationField(type.charAt(0).toLowerCase() + type.slice(1), (t) => {
    const args = { input: t.arg({ type: input, required: true }) };
    const access = open(...scopes);
    return name === "order"
      ? t.field({
          ...access,
          type: orderPayload,
          description,
          args,
          resolve: (_source, given, context) =>
            runMutation<OrderView>(command, given.input, context),
        })
      : t.field({
          ...access,
          type: productPayload,
          description,
          args,
          resolve: (_source, given, context) =>
            runMutation<ProductView>(command, given.input, context),
        });
  });
}

function inputType(type: string, { input }: CommandDefinition, target: string | null) {
  const targetField: Record<string, MirroredField> =
    target === null ? {} : { [target]: { type: "UUID", required: true, isList: false } };
  const mirrored = mirror.fieldsOf(input, type);
  for (const key of [...Object.keys(targetField), ...Object.keys(optionFields), "consistency"]) {
    if (key in mirrored) throw new Error(`${type} may not have a field ${key} of its own`);
  }
  return builder.inputRef<Record<string, unknown>>(`${type}Input`).implement({
    fields: (t) => ({
      ...inputFields({ ...targetField, ...mirrored, ...optionFields })(t),
      consistency: t.field({
        type: consistencyType,
        required: false,
        defaultValue: "EVENTUAL" as const,
      }),
    }),
  });
}
