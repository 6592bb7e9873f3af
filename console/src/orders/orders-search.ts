import type { OrderOrder, OrderWhere } from "../generated/documents.ts";
import { allStatuses } from "./statuses.ts";

/** What the address of the list of orders asks for. */
export interface OrdersSearch {
  readonly text: string;
  readonly where: OrderWhere;
  readonly orderBy: OrderOrder;
  /** As it stands in the address. */
  readonly sort: string;
}

const sorts: Readonly<Record<string, OrderOrder>> = {
  newest: { field: "CREATED_AT", direction: "DESC" },
  oldest: { field: "CREATED_AT", direction: "ASC" },
  changed: { field: "UPDATED_AT", direction: "DESC" },
  quiet: { field: "UPDATED_AT", direction: "ASC" },
  dearest: { field: "TOTAL", direction: "DESC" },
};

/** How the list can be sorted, with the words for it. */
export const sortChoices: readonly (readonly [string, string])[] = [
  ["", "Newest first"],
  ["oldest", "Oldest first"],
  ["changed", "Latest change first"],
  ["quiet", "Longest without a change first"],
  ["dearest", "Highest total first"],
];

/** Reads an address; what makes no sense in it is left out. */
export function ordersSearch(search: URLSearchParams): OrdersSearch {
  const sort = search.get("sort") ?? "";
  const statuses = (search.get("status") ?? "").split(",");
  const status = allStatuses.filter((one) => statuses.includes(one));
  const customerId = search.get("customer") ?? "";
  const from = dayStart(search.get("from"), 0);
  const before = dayStart(search.get("until"), 1);
  return {
    text: search.get("text") ?? "",
    sort,
    orderBy: sorts[sort] ?? { field: "CREATED_AT", direction: "DESC" },
    where: {
      ...(status.length === 0 ? {} : { status }),
      ...(customerId === "" ? {} : { customerId }),
      ...(from === null ? {} : { createdFrom: from }),
      ...(before === null ? {} : { createdBefore: before }),
    },
  };
}

/** The first moment of a day here, or of one some days later; null for what is no day. */
function dayStart(day: string | null, daysLater: number): string | null {
  if (day === null || !/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  const start = new Date(`${day}T00:00:00`);
  if (Number.isNaN(start.getTime())) return null;
  start.setDate(start.getDate() + daysLater);
  return start.toISOString();
}
