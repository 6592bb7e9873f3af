import {
  allReservations,
  productAggregate,
  productAvailable,
  productRegions,
  productSellable,
  productStatus,
  productStatuses,
  stockPolicyKind,
} from "../../machines/index.ts";
import type { ProductContext, Reservation } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { allowedCommandType, permissionsOf } from "./allowed-commands.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";
import { nodeType } from "./node.ts";
import { regionEnum } from "./region-enum.ts";

export type ProductView = EntityView<ProductContext>;

/** Live reservations that one field shows at most; a product may have thousands. */
const RESERVATIONS_SHOWN_MAX = 100;

export const productStatusType = builder.enumType("ProductStatus", {
  description: "The one simple status of a product, derived from its statechart.",
  values: productStatuses,
});

export const stockPolicyType = builder.enumType("StockPolicyKind", {
  description: "DENY sells what is there; BACKORDER sells more, up to a limit.",
  values: stockPolicyKind.options,
});

const lifecycleType = regionEnum("ProductLifecycle", productAggregate, "lifecycle");
const priceStateType = regionEnum("ProductPriceState", productAggregate, "price");

const regionsType = builder.objectRef<ProductView["state"]>("ProductRegions").implement({
  description: "Where the product stands in each region of its statechart; all hold at once.",
  fields: (t) => ({
    lifecycle: t.field({
      type: lifecycleType,
      resolve: (state) => productRegions(state).lifecycle,
    }),
    price: t.field({ type: priceStateType, resolve: (state) => productRegions(state).price }),
  }),
});

const stockType = builder.objectRef<ProductContext>("Stock").implement({
  description: "How many units there are, by what they are there for.",
  fields: (t) => ({
    onHand: t.int({
      description: "All that lie in the warehouse.",
      resolve: ({ stock }) => stock.onHand,
    }),
    reserved: t.int({
      description: "Held for orders that are not confirmed.",
      resolve: ({ stock }) => stock.reserved,
    }),
    committed: t.int({
      description: "Held for confirmed orders, not shipped yet.",
      resolve: ({ stock }) => stock.committed,
    }),
    damaged: t.int({ resolve: ({ stock }) => stock.damaged }),
    safety: t.int({
      description: "Never sold, kept for errors of counting.",
      resolve: ({ stock }) => stock.safety,
    }),
    available: t.field({
      type: "SafeInt",
      description: "On hand and promised to nobody; below zero when more is promised.",
      resolve: productAvailable,
    }),
    sellable: t.int({
      description: "How many may still be sold, those not there yet included.",
      resolve: productSellable,
    }),
    policy: t.field({ type: stockPolicyType, resolve: ({ stockPolicy }) => stockPolicy.kind }),
    backorderLimit: t.int({ resolve: ({ stockPolicy }) => stockPolicy.backorderLimit }),
    reservationCount: t.exposeInt("reservationCount", {
      description: "How many lines of orders hold units now.",
    }),
    reservations: t.field({
      type: [reservationType],
      nullable: true,
      description: "Some of them, at most 100; null for customers.",
      args: { first: t.arg.int({ defaultValue: RESERVATIONS_SHOWN_MAX }) },
      resolve: ({ reservations }, { first }, { viewer }) =>
        viewer.scope === "customer" ? null : firstOf(allReservations(reservations), first),
    }),
  }),
});

const reservationType = builder.objectRef<Reservation>("Reservation").implement({
  description: "Units that the product holds for one line of an order.",
  fields: (t) => ({
    lineId: t.field({ type: "UUID", resolve: ({ id }) => id }),
    orderId: t.field({ type: "UUID", resolve: ({ orderId }) => orderId }),
    quantity: t.exposeInt("quantity"),
    isCommitted: t.exposeBoolean("isCommitted", {
      description: "Whether the order is confirmed.",
    }),
  }),
});

const scheduleType = builder
  .objectRef<NonNullable<ProductContext["schedule"]>>("ScheduledPrice")
  .implement({
    description: "A price for a moment to come.",
    fields: (t) => ({
      price: t.field({ type: moneyType, resolve: ({ price }) => price }),
      effectiveAt: t.field({ type: "DateTime", resolve: ({ effectiveAt }) => effectiveAt }),
    }),
  });

export const productType = builder.objectRef<ProductView>("Product").implement({
  description: "A product as it is right after `version` events.",
  interfaces: [nodeType],
  fields: (t) => ({
    version: t.exposeInt("version", { description: "How many events have happened to it." }),
    sku: t.string({ resolve: ({ state }) => state.context.sku }),
    name: t.string({ resolve: ({ state }) => state.context.name }),
    description: t.string({ resolve: ({ state }) => state.context.description }),
    category: t.string({ resolve: ({ state }) => state.context.category }),
    status: t.field({ type: productStatusType, resolve: ({ state }) => productStatus(state) }),
    regions: t.field({ type: regionsType, resolve: ({ state }) => state }),
    state: t.field({
      type: "JSON",
      description: "The same as the statechart itself has it.",
      resolve: ({ state }) => state.value,
    }),
    price: t.field({ type: moneyType, resolve: ({ state }) => state.context.price }),
    scheduledPrice: t.field({
      type: scheduleType,
      nullable: true,
      description: "Null when no other price is planned, and for customers.",
      resolve: ({ state }, _args, { viewer }) =>
        viewer.scope === "customer" ? null : state.context.schedule,
    }),
    stock: t.field({ type: stockType, resolve: ({ state }) => state.context }),
    allowedCommands: t.field({
      type: [allowedCommandType],
      description: "Every command, and whether you could send it now or why not.",
      resolve: (view, _args, { viewer }) => permissionsOf("product", view, viewer),
    }),
    createdAt: t.field({ type: "DateTime", resolve: (view) => view.createdAt }),
    updatedAt: t.field({ type: "DateTime", resolve: (view) => view.updatedAt }),
  }),
});

function firstOf<Item>(items: readonly Item[], count: number | null | undefined): readonly Item[] {
  const most = RESERVATIONS_SHOWN_MAX;
  return items.slice(0, Math.max(0, Math.min(count ?? most, most)));
}
