import type { StatisticsItem } from "../../projections/index.ts";
import { subscriptionOf } from "../context.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";
import { orderStatusType } from "./order-enums.ts";
import { open } from "./root-access.ts";

type StatusSums = StatisticsItem["byStatus"][number];

const sumType = builder.objectRef<StatusSums["sums"][number]>("LiveStatusSum").implement({
  description: "Orders in one currency.",
  fields: (t) => ({
    count: t.exposeInt("count"),
    total: t.field({
      type: moneyType,
      description: "What they cost together.",
      resolve: ({ minor, currency }) => ({ minor, currency }),
    }),
  }),
});

const statusType = builder.objectRef<StatusSums>("LiveStatusStatistics").implement({
  description: "The orders that have one status now.",
  fields: (t) => ({
    status: t.field({ type: orderStatusType, resolve: ({ status }) => status }),
    count: t.exposeInt("count"),
    sums: t.field({ type: [sumType], resolve: ({ sums }) => [...sums] }),
  }),
});

const statisticsType = builder.objectRef<StatisticsItem>("LiveStatistics").implement({
  description: "How many orders there are in each status, and what they cost.",
  fields: (t) => ({
    at: t.field({ type: "DateTime", description: "When it was so.", resolve: ({ at }) => at }),
    count: t.int({
      description: "All orders.",
      resolve: ({ byStatus }) => byStatus.reduce((sum, { count }) => sum + count, 0),
    }),
    byStatus: t.field({ type: [statusType], resolve: ({ byStatus }) => [...byStatus] }),
  }),
});

builder.subscriptionFields((t) => ({
  statisticsFeed: t.field({
    ...open("operator", "service"),
    type: statisticsType,
    description:
      "The figures of all orders: now, then whenever they change, at most once a second, and " +
      "every quarter of a minute while they do not. Each item is whole, so there is nothing to " +
      "resume: subscribe again.",
    subscribe: (_source, _args, context) =>
      context.services.feed.openStatistics(subscriptionOf(context).signal),
    resolve: (item) => item,
  }),
}));
