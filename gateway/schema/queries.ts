import { z } from "zod";
import {
  orderAggregate,
  orderIdOf,
  parseOrderNumber,
  productAggregate,
  productIdOf,
} from "../../machines/index.ts";
import type { Aggregate } from "../../machines/index.ts";
import type { EntityView, ReadModel } from "../../projections/index.ts";
import { callerOf } from "../context.ts";
import type { OperationContext } from "../context.ts";
import { atLeastArg, atLeastVersionArg, awaitVersion, awaitVersions } from "./at-least.ts";
import { builder } from "./builder.ts";
import { given } from "./given.ts";
import {
  orderConnectionType,
  orderOrderType,
  orderWhereType,
  visibleOrders,
} from "./order-list.ts";
import { orderType } from "./order.ts";
import { pageArgs } from "./page-args.ts";
import {
  normalSku,
  productConnectionType,
  productOrderType,
  productWhereType,
  visibleProducts,
} from "./product-list.ts";
import { isPast, pastOf } from "./past.ts";
import type { PastRequest } from "./past.ts";
import { productType } from "./product.ts";
import { open } from "./root-access.ts";
import { nodeType } from "./node.ts";

const nodeId = z.uuid();
const everybody = open("customer", "operator", "service");
const unseen = "Null when there is none, or none that you may see.";

builder.queryType({ description: "What is, as far as the read models have followed." });

builder.queryFields((t) => ({
  order: t.field({
    ...everybody,
    type: orderType,
    nullable: true,
    description: unseen,
    args: {
      id: t.arg({ type: "UUID", required: true }),
      ...momentArgs(t),
    },
    resolve: (_source, wanted, context) =>
      byId(wanted, { reads: context.services.orders, of: orderAggregate }, context),
  }),
  orderByNumber: t.field({
    ...everybody,
    type: orderType,
    nullable: true,
    description: unseen,
    args: { number: t.arg.string({ required: true }), atLeastVersion: atLeastVersionArg(t) },
    resolve: async (_source, { number: typed, atLeastVersion }, context) => {
      const number = parseOrderNumber(typed);
      if (number === null) return null;
      const wanted = { id: orderIdOf(number), atLeastVersion };
      return byId(wanted, { reads: context.services.orders, of: orderAggregate }, context);
    },
  }),
  orders: t.field({
    ...everybody,
    type: orderConnectionType,
    description: "Orders, newest first unless told otherwise. Customers see their own.",
    args: {
      where: t.arg({ type: orderWhereType }),
      orderBy: t.arg({ type: orderOrderType }),
      ...pageArgs(t),
      atLeast: atLeastArg(t),
    },
    resolve: async (_source, { where, atLeast, ...page }, context) => {
      const { viewer, services } = context;
      await awaitVersions(atLeast, { reads: services.orders, of: orderAggregate }, context);
      const visible = visibleOrders(where, viewer);
      const found = await services.orders.list({ where: visible, ...given(page) });
      return { ...found, count: () => services.orders.count(visible) };
    },
  }),
}));

builder.queryFields((t) => ({
  node: t.field({
    ...everybody,
    type: nodeType,
    nullable: true,
    description: `An order or a product by its id, as Relay asks for it. ${unseen}`,
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_source, { id }, context) => {
      const parsed = nodeId.safeParse(id);
      // Nothing has such an id, so there is nothing to be found.
      if (!parsed.success) return null;
      const { orders, products } = context.services;
      const order = await orders.byId(parsed.data);
      if (order !== null) return ifVisible(order, orderAggregate, context);
      return ifVisible(await products.byId(parsed.data), productAggregate, context);
    },
  }),
  product: t.field({
    ...everybody,
    type: productType,
    nullable: true,
    description: unseen,
    args: {
      id: t.arg({ type: "UUID", required: true }),
      ...momentArgs(t),
    },
    resolve: (_source, wanted, context) =>
      byId(wanted, { reads: context.services.products, of: productAggregate }, context),
  }),
  productBySku: t.field({
    ...everybody,
    type: productType,
    nullable: true,
    description: unseen,
    args: { sku: t.arg.string({ required: true }), atLeastVersion: atLeastVersionArg(t) },
    resolve: (_source, { sku, atLeastVersion }, context) => {
      const wanted = { id: productIdOf(normalSku(sku)), atLeastVersion };
      return byId(wanted, { reads: context.services.products, of: productAggregate }, context);
    },
  }),
  products: t.field({
    ...everybody,
    type: productConnectionType,
    description: "Products, newest first unless told otherwise. Customers see those on sale.",
    args: {
      where: t.arg({ type: productWhereType }),
      orderBy: t.arg({ type: productOrderType }),
      ...pageArgs(t),
      atLeast: atLeastArg(t),
    },
    resolve: async (_source, { where, atLeast, ...page }, context) => {
      const { viewer, services } = context;
      await awaitVersions(atLeast, { reads: services.products, of: productAggregate }, context);
      const visible = visibleProducts(where, viewer);
      const found = await services.products.list({ where: visible, ...given(page) });
      return { ...found, count: () => services.products.count(visible) };
    },
  }),
}));

function momentArgs(t: Parameters<Parameters<typeof builder.queryFields>[0]>[0]) {
  return {
    atLeastVersion: atLeastVersionArg(t),
    atVersion: t.arg.int({ description: "As it was right after so many events." }),
    at: t.arg({ type: "DateTime", description: "As it was at that moment; not with atVersion." }),
  };
}

/**
 * The past that was asked for, else the present, once the read model has the version that was asked
 * for. Throws what `awaitVersion` and `pastOf` throw.
 */
async function byId<Context extends object>(
  wanted: PastRequest & { readonly atLeastVersion?: number | null | undefined },
  { reads, of }: { readonly reads: ReadModel<Context>; readonly of: Aggregate<Context> },
  context: OperationContext,
): Promise<EntityView<Context> | null> {
  if (isPast(wanted)) return pastOf(of, wanted, context);
  const { id, atLeastVersion: version } = wanted;
  await awaitVersion({ id, version, argument: "atLeastVersion" }, { reads, of }, context);
  return ifVisible(await reads.byId(id), of, context);
}

function ifVisible<Context extends object>(
  view: EntityView<Context> | null,
  of: Aggregate<Context>,
  { viewer }: OperationContext,
): EntityView<Context> | null {
  return view !== null && of.isVisibleTo(view.state, callerOf(viewer)) ? view : null;
}
