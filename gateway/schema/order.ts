import { isSettled, orderRegions, orderStatus, paymentState } from "../../machines/index.ts";
import type { OrderContext } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { allowedCommandType, permissionsOf } from "./allowed-commands.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";
import { nodeType } from "./node.ts";
import { costsType, moneyIn, orderCosts } from "./order-costs.ts";
import { cancelReasonType, orderStatusType } from "./order-enums.ts";
import { returnType, shipmentType } from "./order-goods.ts";
import { lineType } from "./order-line.ts";
import { ledgerType, paymentType, refundType } from "./order-money.ts";
import { addressOf, addressType, contactOf, contactType } from "./order-person.ts";
import { orderRegionsType } from "./order-regions.ts";

export type OrderView = EntityView<OrderContext>;
type Cancellation = NonNullable<OrderContext["cancellation"]>;
type Rejection = NonNullable<OrderContext["rejection"]>;
type DiscountOf = OrderContext["discounts"][number] & { readonly currency: string };

const cancellationType = builder.objectRef<Cancellation>("Cancellation").implement({
  description: "Why the order was cancelled.",
  fields: (t) => ({
    reason: t.field({ type: cancelReasonType, resolve: ({ reason }) => reason }),
    note: t.string({ nullable: true, resolve: ({ note }) => note }),
    cancelledAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "Null while stock and money are still being given back.",
      resolve: ({ cancelledAt }) => cancelledAt,
    }),
  }),
});

const rejectionType = builder.objectRef<Rejection>("Rejection").implement({
  description: "Why the order was never accepted, with the figures of the line that failed.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Such as INSUFFICIENT_STOCK." }),
    sku: t.string({ nullable: true, resolve: ({ sku }) => sku }),
    requested: t.int({ nullable: true, resolve: ({ requested }) => requested }),
    available: t.int({ nullable: true, resolve: ({ available }) => available }),
    rejectedAt: t.field({ type: "DateTime", resolve: ({ rejectedAt }) => rejectedAt }),
  }),
});

const discountType = builder.objectRef<DiscountOf>("Discount").implement({
  description: "An amount off the whole order, shared out over its lines.",
  fields: (t) => ({
    code: t.exposeString("code"),
    amount: t.field({ type: moneyType, resolve: (discount) => moneyIn(discount)(discount.minor) }),
  }),
});

export const orderType = builder.objectRef<OrderView>("Order").implement({
  description: "An order as it is right after `version` events.",
  interfaces: [nodeType],
  fields: (t) => ({
    version: t.exposeInt("version", { description: "How many events have happened to it." }),
    number: t.string({
      description: "The number by which people name it.",
      resolve: ({ state }) => state.context.orderNumber,
    }),
    customerId: t.string({ resolve: ({ state }) => state.context.customerId }),
    status: t.field({ type: orderStatusType, resolve: ({ state }) => orderStatus(state) }),
    regions: t.field({ type: orderRegionsType, resolve: ({ state }) => state }),
    state: t.field({
      type: "JSON",
      description: "The same as the statechart itself has it.",
      resolve: ({ state }) => state.value,
    }),
    isSettled: t.boolean({
      description: "Whether all that runs by itself has ended; the next step is a person's.",
      resolve: ({ state }) => isSettled(state),
    }),
    currency: t.string({ resolve: ({ state }) => state.context.currency }),
    allowedCommands: t.field({
      type: [allowedCommandType],
      description: "Every command, and whether you could send it now or why not.",
      resolve: (view, _args, { viewer }) => permissionsOf("order", view, viewer),
    }),
    createdAt: t.field({ type: "DateTime", resolve: (view) => view.createdAt }),
    updatedAt: t.field({ type: "DateTime", resolve: (view) => view.updatedAt }),
  }),
});

/** What is on it, what it costs and where goods and money are. */
builder.objectFields(orderType, (t) => ({
  lines: t.field({
    type: [lineType],
    resolve: ({ state: { context } }) => context.lines.map((line) => ({ line, order: context })),
  }),
  discounts: t.field({
    type: [discountType],
    resolve: ({ state: { context } }) =>
      context.discounts.map((discount) => ({ ...discount, currency: context.currency })),
  }),
  costs: t.field({ type: costsType, resolve: ({ state }) => orderCosts(state.context) }),
  total: t.field({
    type: moneyType,
    description: "What its lines cost as they were ordered.",
    resolve: ({ state }) => orderCosts(state.context).total,
  }),
  money: t.field({ type: ledgerType, resolve: ({ state }) => state }),
  payment: t.field({ type: paymentType, resolve: ({ state }) => state.context }),
  shipments: t.field({ type: [shipmentType], resolve: ({ state }) => state.context.shipments }),
  returns: t.field({ type: [returnType], resolve: ({ state }) => state.context.returns }),
  refunds: t.field({
    type: [refundType],
    resolve: ({ state: { context } }) =>
      context.refunds.map((refund) => ({ refund, order: context })),
  }),
}));

/** Whose it is, and why it is as it is. */
builder.objectFields(orderType, (t) => ({
  contact: t.field({
    type: contactType,
    nullable: true,
    resolve: ({ state }, _args, context) => contactOf(state.context, context),
  }),
  shippingAddress: t.field({
    type: addressType,
    nullable: true,
    description: "The latest one.",
    resolve: ({ state }, _args, context) => addressOf(state.context, context),
  }),
  rejection: t.field({
    type: rejectionType,
    nullable: true,
    resolve: ({ state }) => state.context.rejection,
  }),
  cancellation: t.field({
    type: cancellationType,
    nullable: true,
    resolve: ({ state }) => state.context.cancellation,
  }),
  holdReason: t.string({
    nullable: true,
    description: "Null when nothing holds it back.",
    resolve: ({ state }) => state.context.holdReason,
  }),
  expiresAt: t.field({
    type: "DateTime",
    nullable: true,
    description: "When it ends unless it is paid; null when nothing of that kind is waited for.",
    resolve: ({ state }) => (isWaitingForMoney(state) ? state.context.expiresAt : null),
  }),
}));

function isWaitingForMoney(state: OrderView["state"]): boolean {
  const { lifecycle } = orderRegions(state);
  return lifecycle === "pending" || (lifecycle === "confirmed" && paymentState(state) === "failed");
}
