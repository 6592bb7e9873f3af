import { lazy, type ComponentType } from "react";
import { NotFound } from "./not-found.tsx";

/** An entry of the navigation. */
interface Section {
  readonly path: string;
  readonly label: string;
}

export const sections: readonly Section[] = [
  { path: "board", label: "Board" },
  { path: "orders", label: "Orders" },
  { path: "products", label: "Products" },
  { path: "reports", label: "Reports" },
  { path: "system", label: "System" },
];

/** A page gets what its path ends with: the id of what it is about, or nothing. */
interface PageProps {
  readonly id: string;
}

type Page = ComponentType<PageProps>;

/** A page that is fetched when it is first needed, or before. */
interface Entry {
  readonly Page: Page;
  readonly fetch: () => Promise<Page>;
}

function entry(fetch: () => Promise<Page>): Entry {
  return { fetch, Page: lazy(async () => ({ default: await fetch() })) };
}

const pages: Readonly<Record<string, Entry>> = {
  board: entry(async () => (await import("../board/board-page.tsx")).BoardPage),
  orders: entry(async () => (await import("../orders/orders-page.tsx")).OrdersPage),
  products: entry(async () => (await import("../products/products-page.tsx")).ProductsPage),
  reports: entry(async () => (await import("../reports/reports-page.tsx")).ReportsPage),
  system: entry(async () => (await import("../system/system-page.tsx")).SystemPage),
};

/** Pages of one thing, whose path ends with its id. */
const pagesOfOne: Readonly<Record<string, Entry>> = {
  orders: entry(async () => (await import("../order/order-page.tsx")).OrderPage),
  products: entry(async () => (await import("../product/product-page.tsx")).ProductPage),
};

/** The page of a path such as `orders` or `orders/<id>`. */
export function pageOf(path: string): PageProps & { readonly Page: Page } {
  return { Page: entryOf(path)?.Page ?? NotFound, id: path.split("/")[1] ?? "" };
}

/** Begins to fetch the page of a path, which is needed as soon as somebody is signed in. */
export function fetchPage(path: string): void {
  entryOf(path)
    ?.fetch()
    .catch(() => undefined);
}

function entryOf(path: string): Entry | undefined {
  const [section = "", id = "", ...rest] = path.split("/");
  const found = id === "" ? pages : pagesOfOne;
  return rest.length === 0 && Object.hasOwn(found, section) ? found[section] : undefined;
}
