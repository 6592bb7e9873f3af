import type { EntityView } from "../../projections/index.ts";
import type { CommandError } from "../commands/command-errors.ts";
import { builder } from "./builder.ts";
import { commandErrorType } from "./command-errors.ts";
import { orderType } from "./order.ts";
import type { OrderView } from "./order.ts";
import { productType } from "./product.ts";
import type { ProductView } from "./product.ts";

/** What a mutation answers: the entity right after the command, or why it was not accepted. */
export interface Payload<View extends EntityView> {
  readonly view: View | null;
  readonly errors: readonly CommandError[];
}

export const orderPayload = builder.objectRef<Payload<OrderView>>("OrderPayload").implement({
  description: "What became of a command to an order.",
  fields: (t) => ({
    order: t.field({
      type: orderType,
      nullable: true,
      description: "The order right after the command; null when it was not accepted.",
      resolve: ({ view }) => view,
    }),
    version: t.int({ nullable: true, resolve: ({ view }) => view?.version }),
    errors: t.field({ type: [commandErrorType], resolve: ({ errors }) => errors }),
  }),
});

export const productPayload = builder.objectRef<Payload<ProductView>>("ProductPayload").implement({
  description: "What became of a command to a product.",
  fields: (t) => ({
    product: t.field({
      type: productType,
      nullable: true,
      description: "The product right after the command; null when it was not accepted.",
      resolve: ({ view }) => view,
    }),
    version: t.int({ nullable: true, resolve: ({ view }) => view?.version }),
    errors: t.field({ type: [commandErrorType], resolve: ({ errors }) => errors }),
  }),
});
