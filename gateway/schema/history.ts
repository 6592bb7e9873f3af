import {
  orderAggregate,
  orderStatus,
  productAggregate,
  productStatus,
} from "../../machines/index.ts";
import type { Aggregate, OrderContext, ProductContext } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import type { OperationContext } from "../context.ts";
import { builder } from "./builder.ts";
import { changedPaths } from "./changed-paths.ts";
import type { ChangedPath } from "./changed-paths.ts";
import { given } from "./given.ts";
import { historyConnectionType } from "./history-entry.ts";
import { pastOf } from "./past.ts";
import { open } from "./root-access.ts";
import { readableProduct, shownData } from "./shown-data.ts";

const everybody = open("customer", "operator", "service");
const shopOnly = open("operator", "service");

const changeType = builder.objectRef<ChangedPath>("ChangedPath").implement({
  description: "A field that differs between two versions.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "Such as `lines[0].shipped`." }),
    before: t.field({ type: "JSON", nullable: true, resolve: ({ before }) => before }),
    after: t.field({ type: "JSON", nullable: true, resolve: ({ after }) => after }),
  }),
});

const verdictType = builder
  .objectRef<{
    readonly ok: boolean;
    readonly version: number;
    readonly hash?: string;
    readonly reason?: string;
  }>("HistoryVerdict")
  .implement({
    description: "Whether a history is what was appended.",
    fields: (t) => ({
      isIntact: t.boolean({ resolve: ({ ok }) => ok }),
      version: t.int({
        nullable: true,
        description: "The newest version, when it is intact.",
        resolve: ({ ok, version }) => (ok ? version : null),
      }),
      hash: t.string({
        nullable: true,
        description:
          "The last link of the chain. Keep it elsewhere to notice the removal of the last events.",
        resolve: ({ hash }) => hash,
      }),
      brokenAt: t.int({
        nullable: true,
        description: "The first version that is not what was appended.",
        resolve: ({ ok, version }) => (ok ? null : version),
      }),
      reason: t.string({ nullable: true, resolve: ({ reason }) => reason }),
    }),
  });

const versions = "Null when there is none, or none that you may see at both versions.";

builder.queryFields((t) => ({
  orderHistory: t.field({
    ...everybody,
    type: historyConnectionType,
    nullable: true,
    description:
      "Every event of an order, and the commands refused in the last 30 days, the oldest first. " +
      "Customers see their own orders' and who they are themselves. Null when there is none.",
    args: { id: t.arg({ type: "UUID", required: true }), ...pageArgs(t) },
    async resolve(_source, { id, ...page }, context) {
      const first = await context.services.history.past("order", id, { version: 1 });
      const customerId =
        first.kind === "none" ? null : (first.view.state.context as OrderContext).customerId;
      const { viewer } = context;
      if (viewer.customerId !== null && viewer.customerId !== customerId) return null;
      return historyOf({ of: orderAggregate, id, page, customerId }, context);
    },
  }),
  orderDiff: t.field({
    ...everybody,
    type: [changeType],
    nullable: true,
    description: `What differs between two versions of an order. ${versions}`,
    args: diffArgs(t),
    resolve: (_source, range, context) =>
      diff(orderAggregate, { ...range, context }, async ({ state }) => ({
        status: orderStatus(state),
        regions: state.value,
        ...(await shownData(state.context, state.context.customerId, context)),
      })),
  }),
}));

builder.queryFields((t) => ({
  productHistory: t.field({
    ...shopOnly,
    type: historyConnectionType,
    nullable: true,
    description:
      "Every event of a product, and the commands refused in the last 30 days, the oldest first.",
    args: { id: t.arg({ type: "UUID", required: true }), ...pageArgs(t) },
    resolve: (_source, { id, ...page }, context) =>
      historyOf({ of: productAggregate, id, page, customerId: null }, context),
  }),
  productDiff: t.field({
    ...shopOnly,
    type: [changeType],
    nullable: true,
    description: `What differs between two versions of a product. ${versions}`,
    args: diffArgs(t),
    resolve: (_source, range, context) =>
      diff(productAggregate, { ...range, context }, ({ state }) =>
        Promise.resolve({
          status: productStatus(state),
          regions: state.value,
          ...readableProduct(state.context),
        }),
      ),
  }),
  verifyHistory: t.field({
    ...shopOnly,
    type: verdictType,
    nullable: true,
    description: "Follows the chain of hashes over all events of an order or product.",
    args: { id: t.arg({ type: "UUID", required: true }) },
    resolve: (_source, { id }, { services }) => services.history.verify(id),
  }),
}));

type FieldBuilder = Parameters<Parameters<typeof builder.queryFields>[0]>[0];

function pageArgs(t: FieldBuilder) {
  return {
    first: t.arg.int({ description: "Entries from the start, at most 100." }),
    after: t.arg({ type: "Cursor" }),
    afterVersion: t.arg.int({
      description: "Begins behind a version's event, to look into the middle; without `after`.",
    }),
    last: t.arg.int({ description: "Entries from the end, at most 100." }),
    before: t.arg({ type: "Cursor" }),
  };
}

function diffArgs(t: FieldBuilder) {
  return {
    id: t.arg({ type: "UUID", required: true }),
    from: t.arg.int({ required: true, description: "A version." }),
    to: t.arg.int({ required: true, description: "A version, later or earlier." }),
  };
}

interface HistoryOf {
  readonly of: Aggregate<OrderContext> | Aggregate<ProductContext>;
  readonly id: string;
  readonly page: object;
  readonly customerId: string | null;
}

async function historyOf(
  { of, id, page, customerId }: HistoryOf,
  { viewer, services }: OperationContext,
) {
  const found = await services.history.page({
    aggregate: of.name,
    id,
    // What others tried in vain is between them and the shop.
    subject: viewer.customerId,
    page: given(page),
  });
  const isEmpty = found.rows.length === 0 && !found.hasNextPage && !found.hasPreviousPage;
  const isAsked = Object.keys(given(page)).length > 0;
  return isEmpty && !isAsked ? null : { ...found, customerId };
}

interface Range {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly context: OperationContext;
}

async function diff<Context extends object>(
  of: Aggregate<Context>,
  { id, from, to, context }: Range,
  shown: (view: EntityView<Context>) => Promise<object>,
): Promise<ChangedPath[] | null> {
  const before = await pastOf(of, { id, atVersion: from }, context);
  const after = await pastOf(of, { id, atVersion: to }, context);
  if (before === null || after === null) return null;
  return changedPaths(await shown(before), await shown(after));
}
