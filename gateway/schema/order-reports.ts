import { granularities } from "../../projections/index.ts";
import type {
  OrderStatistics,
  OrderSums,
  Revenue,
  RevenuePeriod,
} from "../../projections/index.ts";
import type { OperationContext } from "../context.ts";
import { builder } from "./builder.ts";
import { currencyOf } from "./currency.ts";
import { given } from "./given.ts";
import { moneyType } from "./money.ts";
import { orderStatusType } from "./order-enums.ts";
import { open } from "./root-access.ts";

const staff = open("operator", "service");

type Sum = OrderSums["sums"][number];
type OfStatus = OrderStatistics["byStatus"][number];
type OfDay = OrderStatistics["byDay"][number];
type Stay = OrderStatistics["timeInStatus"][number];
type InCurrency = Revenue & { readonly currency: string };

const sumType = builder.objectRef<Sum>("OrderSum").implement({
  description: "What orders of one currency cost together, as they were ordered.",
  fields: (t) => ({
    count: t.exposeInt("count"),
    total: t.field({ type: moneyType, resolve: (sum) => sum }),
    average: t.field({
      type: moneyType,
      description: "Rounded to a minor unit.",
      resolve: ({ minor, count, currency }) => ({ minor: Math.round(minor / count), currency }),
    }),
  }),
});

const statusSumsType = builder.objectRef<OfStatus>("OrdersOfStatus").implement({
  fields: (t) => ({
    status: t.field({ type: orderStatusType, resolve: ({ status }) => status }),
    count: t.exposeInt("count"),
    sums: t.field({ type: [sumType], resolve: ({ sums }) => sums }),
  }),
});

const daySumsType = builder.objectRef<OfDay>("OrdersOfDay").implement({
  fields: (t) => ({
    day: t.field({ type: "Day", resolve: ({ day }) => day }),
    count: t.exposeInt("count"),
    sums: t.field({ type: [sumType], resolve: ({ sums }) => sums }),
  }),
});

const stayType = builder.objectRef<Stay>("TimeInStatus").implement({
  description: "How long orders had a status that they left in the period.",
  fields: (t) => ({
    status: t.field({ type: orderStatusType, resolve: ({ status }) => status }),
    count: t.exposeInt("count", { description: "How often the status was left." }),
    averageMs: t.field({ type: "SafeInt", resolve: ({ averageMs }) => averageMs }),
  }),
});

const statisticsType = builder.objectRef<OrderStatistics>("OrderStatistics").implement({
  description: "Orders that were created in the period, as they are now.",
  fields: (t) => ({
    from: t.field({ type: "Day", resolve: ({ period }) => period.from }),
    through: t.field({ type: "Day", resolve: ({ period }) => period.through }),
    count: t.exposeInt("count"),
    sums: t.field({
      type: [sumType],
      description: "One for each currency.",
      resolve: ({ sums }) => sums,
    }),
    byStatus: t.field({ type: [statusSumsType], resolve: ({ byStatus }) => byStatus }),
    byDay: t.field({
      type: [daySumsType],
      description: "Days on which there was none are left out.",
      resolve: ({ byDay }) => byDay,
    }),
    timeInStatus: t.field({ type: [stayType], resolve: ({ timeInStatus }) => timeInStatus }),
  }),
});

const money = (amount: "gross" | "refunds" | "net") => (revenue: InCurrency) => {
  return { minor: revenue[amount], currency: revenue.currency };
};

const revenueInterface = builder.interfaceRef<InCurrency>("Revenue").implement({
  description: "What was captured, what was paid back of it, and the difference.",
  fields: (t) => ({
    gross: t.field({ type: moneyType, resolve: money("gross") }),
    refunds: t.field({ type: moneyType, resolve: money("refunds") }),
    net: t.field({ type: moneyType, resolve: money("net") }),
  }),
});

const totalType = builder.objectRef<InCurrency>("RevenueTotal").implement({
  interfaces: [revenueInterface],
});
const periodType = builder.objectRef<InCurrency & { start: string }>("RevenueOfPeriod").implement({
  interfaces: [revenueInterface],
  fields: (t) => ({
    start: t.field({ type: "DateTime", resolve: ({ start }) => start }),
  }),
});
const ofProductType = builder
  .objectRef<InCurrency & { sku: string }>("RevenueOfProduct")
  .implement({
    interfaces: [revenueInterface],
    fields: (t) => ({ sku: t.exposeString("sku") }),
  });
const ofCategoryType = builder
  .objectRef<InCurrency & { category: string }>("RevenueOfCategory")
  .implement({
    interfaces: [revenueInterface],
    fields: (t) => ({ category: t.exposeString("category") }),
  });

const granularityType = builder.enumType("RevenueGranularity", { values: granularities });

const revenueOf = ({ services }: OperationContext) => services.orders.revenue;

function inCurrency<Row extends Revenue>(rows: readonly Row[], { currency }: RevenuePeriod) {
  return rows.map((row) => ({ ...row, currency }));
}

const reportType = builder.objectRef<RevenuePeriod>("RevenueReport").implement({
  description: "Exact to the minor unit: each list adds up to the total. Costs what is asked for.",
  fields: (t) => ({
    currency: t.exposeString("currency"),
    total: t.field({
      type: totalType,
      resolve: async (period, _args, context) => ({
        ...(await revenueOf(context).total(period)),
        currency: period.currency,
      }),
    }),
    periods: t.field({
      type: [periodType],
      description: "Days, weeks (from Monday) or months of a time zone; empty ones are left out.",
      args: {
        granularity: t.arg({ type: granularityType, defaultValue: "DAY", required: true }),
        timeZone: t.arg.string({
          defaultValue: "UTC",
          required: true,
          description: "Such as Europe/Berlin.",
        }),
      },
      resolve: async (period, { granularity, timeZone }, context) => {
        const rows = await revenueOf(context).byTime(period, granularity, timeZone);
        return inCurrency(rows, period);
      },
    }),
    byProduct: t.field({
      type: [ofProductType],
      description: "The hundred with the highest gross.",
      resolve: async (period, _args, context) =>
        inCurrency(await revenueOf(context).byProduct(period), period),
    }),
    byCategory: t.field({
      type: [ofCategoryType],
      description: "The hundred with the highest gross.",
      resolve: async (period, _args, context) =>
        inCurrency(await revenueOf(context).byCategory(period), period),
    }),
  }),
});

builder.queryFields((t) => ({
  orderStatistics: t.field({
    ...staff,
    type: statisticsType,
    description: "Counts, sums and averages by status and by day, and time in each status.",
    args: {
      from: t.arg({ type: "Day", description: "Thirty days before `through` unless given." }),
      through: t.arg({ type: "Day", description: "Included; today unless given." }),
    },
    resolve: (_source, period, { services }) => services.orders.statistics(given(period)),
  }),
  revenueReport: t.field({
    ...staff,
    type: reportType,
    description: "What was earned in a period, by the moment of each capture and refund.",
    args: {
      currency: t.arg.string({ required: true, description: "ISO 4217." }),
      from: t.arg({ type: "DateTime", required: true }),
      before: t.arg({ type: "DateTime", required: true, description: "Exclusive." }),
    },
    resolve: (_source, { currency, from, before }) => ({
      currency: currencyOf(currency),
      from,
      before,
    }),
  }),
}));
