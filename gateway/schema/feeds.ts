import { orderAggregate, productAggregate } from "../../machines/index.ts";
import type { Aggregate, AggregateName, EntityState } from "../../machines/index.ts";
import { orderMatches, productMatches } from "../../projections/index.ts";
import type { EntityView, FeedItem } from "../../projections/index.ts";
import { callerOf, subscriptionOf } from "../context.ts";
import type { OperationContext } from "../context.ts";
import { GatewayError } from "../errors.ts";
import { builder } from "./builder.ts";
import { orderFeedType, productFeedType } from "./feed-items.ts";
import { given } from "./given.ts";
import { orderWhereType, visibleOrders } from "./order-list.ts";
import { productWhereType, visibleProducts } from "./product-list.ts";
import { open } from "./root-access.ts";

const everybody = open("customer", "operator", "service");
const resumable =
  "Every item has a cursor; `after` goes on there, with nothing missed and nothing twice.";
const fromTheFirst =
  "from the first event, or after `after`, then live. The log keeps every event, so that no " +
  "cursor is ever too old.";

builder.subscriptionType({ description: "What happens, as it happens." });

builder.subscriptionFields((t) => ({
  orderFeed: t.field({
    ...everybody,
    type: orderFeedType,
    description: `What happens to orders. Customers see their own. ${resumable}`,
    args: { filter: t.arg({ type: orderWhereType }), after: t.arg({ type: "Cursor" }) },
    subscribe: (_source, { filter, after }, context) =>
      openFeed(
        {
          aggregate: "order",
          matches: unlessEmpty(visibleOrders(filter, context.viewer), orderMatches),
          about: visibleOrders(filter, context.viewer).customerId,
          after,
        },
        context,
      ),
    resolve: (item) => item,
  }),
  productFeed: t.field({
    ...everybody,
    type: productFeedType,
    description: `What happens to products. Customers see those on sale. ${resumable}`,
    args: { filter: t.arg({ type: productWhereType }), after: t.arg({ type: "Cursor" }) },
    subscribe: (_source, { filter, after }, context) =>
      openFeed(
        {
          aggregate: "product",
          matches: unlessEmpty(visibleProducts(filter, context.viewer), productMatches),
          after,
        },
        context,
      ),
    resolve: (item) => item,
  }),
}));

builder.subscriptionFields((t) => ({
  orderEvents: t.field({
    ...everybody,
    type: orderFeedType,
    description: `Every event of one order ${fromTheFirst} Customers see their own.`,
    args: { id: t.arg({ type: "UUID", required: true }), after: t.arg({ type: "Cursor" }) },
    subscribe: (_source, args, context) =>
      openEntity({ ...args, aggregate: orderAggregate }, context),
    resolve: (item) => item,
  }),
  productEvents: t.field({
    ...open("operator", "service"),
    type: productFeedType,
    description: `Every event of one product ${fromTheFirst}`,
    args: { id: t.arg({ type: "UUID", required: true }), after: t.arg({ type: "Cursor" }) },
    subscribe: (_source, args, context) =>
      openEntity({ ...args, aggregate: productAggregate }, context),
    resolve: (item) => item,
  }),
}));

interface EntityRequest<Context extends object> {
  readonly aggregate: Aggregate<Context>;
  readonly id: string;
  readonly after?: string | null | undefined;
}

/** Throws `NOT_FOUND` for what does not exist and for what the viewer may not see, alike. */
async function openEntity<Context extends object>(
  { aggregate, id, after }: EntityRequest<Context>,
  context: OperationContext,
): Promise<AsyncIterable<FeedItem>> {
  const { signal, isShared } = subscriptionOf(context);
  const caller = callerOf(context.viewer);
  const items = await context.services.feed.openEntity({
    aggregate: aggregate.name,
    id,
    signal,
    isVisible: ({ state }) => aggregate.isVisibleTo(state as EntityState<Context>, caller),
    ...(isShared ? { isFromNow: true } : given({ after })),
  });
  if (items !== null) return items;
  throw new GatewayError("NOT_FOUND", `There is no such ${aggregate.name}.`);
}

interface FeedRequest {
  readonly aggregate: AggregateName;
  /** Null when every entity is of interest. */
  readonly matches: ((view: EntityView) => boolean) | null;
  readonly about?: string | undefined;
  readonly after: string | null | undefined;
}

function openFeed(
  { aggregate, matches, about, after }: FeedRequest,
  context: OperationContext,
): AsyncIterable<FeedItem> {
  const { signal, isShared } = subscriptionOf(context);
  const from = isShared ? {} : given({ after });
  return context.services.feed.open({ aggregate, ...given({ matches, about }), ...from, signal });
}

/** The predicate of a condition; none for the empty one, so that nothing is judged in vain. */
function unlessEmpty<Where extends object>(
  where: Where,
  matcher: (where: Where) => (view: EntityView) => boolean,
): ((view: EntityView) => boolean) | null {
  return Object.keys(where).length === 0 ? null : matcher(where);
}
