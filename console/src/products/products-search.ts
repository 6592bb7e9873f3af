import type { ProductOrder, ProductStatus, ProductWhere } from "../generated/documents.ts";

export const productStatuses: readonly ProductStatus[] = [
  "ACTIVE",
  "DRAFT",
  "UNLISTED",
  "DISCONTINUED",
  "ARCHIVED",
];

const sorts: Readonly<Record<string, ProductOrder>> = {
  name: { field: "NAME", direction: "ASC" },
  changed: { field: "UPDATED_AT", direction: "DESC" },
  cheapest: { field: "PRICE", direction: "ASC" },
  dearest: { field: "PRICE", direction: "DESC" },
};

/** How the list can be sorted, with the words for it. */
export const sortChoices: readonly (readonly [string, string])[] = [
  ["", "Newest first"],
  ["name", "By name"],
  ["changed", "Latest change first"],
  ["cheapest", "Lowest price first"],
  ["dearest", "Highest price first"],
];

/** What the address of the list of products asks for. */
export interface ProductsSearch {
  readonly text: string;
  readonly where: ProductWhere;
  readonly orderBy: ProductOrder;
}

/** Reads an address; what makes no sense in it is left out. */
export function productsSearch(search: URLSearchParams): ProductsSearch {
  const status = productStatuses.filter((one) => one === search.get("status"));
  const category = search.get("category") ?? "";
  const available = search.get("available");
  return {
    text: search.get("text") ?? "",
    orderBy: sorts[search.get("sort") ?? ""] ?? { field: "CREATED_AT", direction: "DESC" },
    where: {
      ...(status.length === 0 ? {} : { status }),
      ...(category === "" ? {} : { category }),
      ...(available === "yes" || available === "no" ? { isAvailable: available === "yes" } : {}),
    },
  };
}
