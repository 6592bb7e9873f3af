import { useState } from "react";
import {
  figuresFeedDocument,
  orderStatisticsDocument,
  revenueDocument,
  type FiguresFeedResult,
} from "../generated/documents.ts";
import { useFeed } from "../graphql/use-feed.ts";
import { useQuery } from "../graphql/use-query.ts";
import { useThrottle } from "../graphql/use-throttle.ts";
import { useSearch } from "../routing/use-search.ts";
import { useNow } from "../state/use-now.ts";
import { dayAfter, startOfDay } from "./civil-days.ts";
import { OrdersReport } from "./orders-report.tsx";
import { ReportsFilters } from "./reports-filters.tsx";
import { reportsSearch } from "./reports-search.ts";
import { RevenueReport } from "./revenue-report.tsx";
import "./reports.css";

const RELOAD_PAUSE_MS = 5_000;
const MINUTE_MS = 60_000;
const CURRENCY_DEFAULT = "EUR";

/** What was earned and how the orders of a period stand; it follows what happens. */
export function ReportsPage() {
  const [search] = useSearch();
  const chosen = reportsSearch(search, useNow(MINUTE_MS));
  const { from, through, granularity, timeZone } = chosen;
  const [known, setKnown] = useState<readonly string[] | null>(null);
  const statistics = useQuery(orderStatisticsDocument, { from, through });
  const ofPeriod = currenciesOf(statistics.data?.orderStatistics);
  const currency =
    chosen.currency ??
    ofPeriod[0] ??
    known?.[0] ??
    (statistics.data === null ? null : CURRENCY_DEFAULT);
  const revenue = useQuery(
    revenueDocument,
    currency === null
      ? null
      : {
          ...{ currency, granularity, timeZone },
          from: startOfDay(timeZone, from),
          before: startOfDay(timeZone, dayAfter(through, 1)),
        },
  );
  const reloadSoon = useThrottle(() => {
    statistics.reload();
    revenue.reload();
  }, RELOAD_PAUSE_MS);
  useFeed({
    document: figuresFeedDocument,
    variables: {},
    onItems: (items) => {
      setKnown(currenciesOfAll(items));
      reloadSoon();
    },
  });
  const currencies = [...new Set([currency ?? CURRENCY_DEFAULT, ...ofPeriod, ...(known ?? [])])];
  return (
    <>
      <h1>Reports</h1>
      <ReportsFilters
        chosen={chosen}
        currency={currency ?? CURRENCY_DEFAULT}
        currencies={currencies.sort()}
      />
      <RevenueReport chosen={chosen} loaded={revenue} />
      <OrdersReport chosen={chosen} loaded={statistics} />
    </>
  );
}

/** The currencies of the orders of a period, the one of most orders first. */
function currenciesOf(
  statistics:
    | {
        readonly sums: readonly {
          readonly count: number;
          readonly total: { readonly currency: string };
        }[];
      }
    | undefined,
): readonly string[] {
  const sums = [...(statistics?.sums ?? [])].sort((a, b) => b.count - a.count);
  return sums.map(({ total }) => total.currency);
}

/** The currencies of all orders there are. */
function currenciesOfAll(items: readonly FiguresFeedResult[]): readonly string[] {
  const byStatus = items.at(-1)?.statisticsFeed.byStatus ?? [];
  const all = byStatus.flatMap(({ sums }) => sums.map(({ total }) => total.currency));
  return [...new Set(all)].sort();
}
