import { counted } from "../format/words.ts";
import { foundOrdersDocument, ordersDocument, ordersFeedDocument } from "../generated/documents.ts";
import { useQuery } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";
import { pageVariables } from "../lists/page-variables.ts";
import { Pager } from "../lists/pager.tsx";
import { useListFeed } from "../lists/use-list-feed.ts";
import { useSearch } from "../routing/use-search.ts";
import { useTitle } from "../routing/use-title.ts";
import { OrdersFilters } from "./orders-filters.tsx";
import { ordersSearch } from "./orders-search.ts";
import { OrdersTable } from "./orders-table.tsx";

/** All orders, found by words and filters, a page at a time; it follows what happens to them. */
export function OrdersPage() {
  useTitle("Orders");
  const [search, change] = useSearch();
  const { text, where, orderBy } = ordersSearch(search);
  const page = pageVariables(search);
  const isSearch = text !== "";
  const listed = useQuery(ordersDocument, isSearch ? null : { where, orderBy, ...page });
  const found = useQuery(foundOrdersDocument, isSearch ? { text, where, ...page } : null);
  const { error, isLoading, reload } = isSearch ? found : listed;
  const rows = isSearch ? found.data?.searchOrders : listed.data?.orders;
  useListFeed(ordersFeedDocument, where, reload);
  return (
    <>
      <div className="title-row">
        <h1>Orders</h1>
        {rows && <p className="dim">{counted(rows.totalCount, "order")}</p>}
      </div>
      <OrdersFilters />
      <Problem error={error} />
      {rows === undefined && isLoading && <p className="loading">Loading</p>}
      {rows?.nodes.length === 0 && <p>No order is like that.</p>}
      {rows !== undefined && rows.nodes.length > 0 && (
        <OrdersTable rows={rows.nodes} isBusy={isLoading} />
      )}
      {rows && <Pager info={rows.pageInfo} onTurn={change} />}
    </>
  );
}
