import { counted } from "../format/words.ts";
import {
  foundProductsDocument,
  productsDocument,
  productsFeedDocument,
} from "../generated/documents.ts";
import { useQuery } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";
import { pageVariables } from "../lists/page-variables.ts";
import { Pager } from "../lists/pager.tsx";
import { useListFeed } from "../lists/use-list-feed.ts";
import { useSearch } from "../routing/use-search.ts";
import { useTitle } from "../routing/use-title.ts";
import { ProductsFilters } from "./products-filters.tsx";
import { productsSearch } from "./products-search.ts";
import { ProductsTable } from "./products-table.tsx";

/** All products, found by words and filters, a page at a time; it follows what happens to them. */
export function ProductsPage() {
  useTitle("Products");
  const [search, change] = useSearch();
  const { text, where, orderBy } = productsSearch(search);
  const page = pageVariables(search);
  const isSearch = text !== "";
  const listed = useQuery(productsDocument, isSearch ? null : { where, orderBy, ...page });
  const found = useQuery(foundProductsDocument, isSearch ? { text, where, ...page } : null);
  const { error, isLoading, reload } = isSearch ? found : listed;
  const rows = isSearch ? found.data?.searchProducts : listed.data?.products;
  useListFeed(productsFeedDocument, where, reload);
  return (
    <>
      <div className="title-row">
        <h1>Products</h1>
        {rows && <p className="dim">{counted(rows.totalCount, "product")}</p>}
      </div>
      <ProductsFilters />
      <Problem error={error} />
      {rows === undefined && isLoading && <p className="loading">Loading</p>}
      {rows?.nodes.length === 0 && <p>No product is like that.</p>}
      {rows !== undefined && rows.nodes.length > 0 && (
        <ProductsTable rows={rows.nodes} isBusy={isLoading} />
      )}
      {rows && <Pager info={rows.pageInfo} onTurn={change} />}
    </>
  );
}
