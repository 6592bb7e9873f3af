import { customerOf, skuOf } from "./order-templates.ts";

const DAY_MS = 86_400_000;

/** A list or report as it is asked through GraphQL. */
export interface ReadQuestion {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the questions need to know of what is stored. */
export interface Stored {
  /** An order that has events. */
  readonly orderId: string;
  readonly orderNumber: string;
  readonly now: number;
}

const order = "id number status version createdAt total { decimal currency } lines { sku ordered }";
const product = "id sku name status price { decimal } stock { onHand available }";
const ordersQuery = `query ($where: OrderWhere, $orderBy: OrderOrder, $first: Int, $last: Int) {
  orders(where: $where, orderBy: $orderBy, first: $first, last: $last) {
    nodes { ${order} } pageInfo { endCursor hasNextPage } } }`;
const countQuery = `query ($where: OrderWhere) { orders(where: $where, first: 0) { totalCount } }`;
const searchQuery = `query ($text: String!, $where: OrderWhere) {
  searchOrders(text: $text, where: $where) { nodes { ${order} } } }`;
const productsQuery = `query ($where: ProductWhere, $orderBy: ProductOrder) {
  products(where: $where, orderBy: $orderBy) { nodes { ${product} } } }`;

/** Every list and report, each as it is used; periods are of the last days, whole ones of UTC. */
export function readQuestions(stored: Stored): readonly ReadQuestion[] {
  return [...listsOfOrders(stored), ...reports(stored), ...ofProducts(), ...ofOneOrder(stored)];
}

function daysAgo(now: number, days: number): string {
  return new Date(Math.floor(now / DAY_MS) * DAY_MS - days * DAY_MS).toISOString();
}

function listsOfOrders({ orderNumber, now }: Stored): ReadQuestion[] {
  const by = (field: string, direction = "DESC") => ({ orderBy: { field, direction } });
  const list = (name: string, variables: object): ReadQuestion => {
    return { name: `orders: ${name}`, query: ordersQuery, variables: { first: 20, ...variables } };
  };
  const count = (name: string, where: object): ReadQuestion => {
    return { name: `count: ${name}`, query: countQuery, variables: { where } };
  };
  const search = (name: string, text = name, where: object = {}): ReadQuestion => {
    return { name: `search: ${name}`, query: searchQuery, variables: { text, where } };
  };
  const customerId = customerOf(7);
  const day = { createdFrom: daysAgo(now, 3), createdBefore: daysAgo(now, 2) };
  const nineDays = { createdFrom: daysAgo(now, 9), createdBefore: daysAgo(now, 0) };
  return [
    list("newest", {}),
    list("100 newest", { first: 100 }),
    list("oldest", { first: null, last: 20 }),
    list("by total", by("TOTAL")),
    list("last changed", by("UPDATED_AT")),
    list("of a status", { where: { status: ["SHIPPED"] } }),
    list("of a customer", { where: { customerId } }),
    list("of a customer, by total", { where: { customerId }, ...by("TOTAL") }),
    list("of a day, by total", { where: day, ...by("TOTAL") }),
    list("of a day and status, last changed", {
      where: { ...day, status: ["CANCELLED"] },
      ...by("UPDATED_AT"),
    }),
    list("of 9 days, by total", { where: nineDays, ...by("TOTAL") }),
    list("of 9 days, last changed", { where: nineDays, ...by("UPDATED_AT") }),
    count("all", {}),
    count("of a status", { status: ["CANCELLED"] }),
    count("of a day", day),
    count("of 30 hours and a status", {
      createdFrom: new Date(now - 30 * 3_600_000).toISOString(),
      status: ["DELIVERED", "SHIPPED"],
    }),
    search("half a number", orderNumber.slice(0, 9)),
    search("a whole number", orderNumber),
    search("earl grey teapot"),
    search("lovelace sencha"),
    search("teapot, of a status", "teapot", { status: ["SHIPPED"] }),
  ];
}

function reports({ now }: Stored): ReadQuestion[] {
  const statistics = (name: string, days: number): ReadQuestion => ({
    name: `statistics: ${name}`,
    query: `query ($from: Day) { orderStatistics(from: $from) { count
      byStatus { status count sums { total { decimal } } } byDay { day count }
      timeInStatus { status averageMs } } }`,
    variables: { from: daysAgo(now, days).slice(0, 10) },
  });
  const revenue = (name: string, [days, parts]: readonly [number, string]): ReadQuestion => ({
    name: `revenue: ${name}`,
    query: `query ($from: DateTime!, $before: DateTime!) {
      revenueReport(currency: "EUR", from: $from, before: $before) { ${parts} } }`,
    variables: { from: daysAgo(now, days), before: daysAgo(now, 0) },
  });
  const zone = `timeZone: "Europe/Berlin"`;
  const amounts = "gross { decimal } refunds { decimal } net { decimal }";
  return [
    statistics("7 days", 7),
    statistics("a year", 364),
    revenue("7 days, total", [7, `total { ${amounts} }`]),
    revenue("7 days, by day", [7, `periods(granularity: DAY, ${zone}) { start ${amounts} }`]),
    revenue("7 days, by product", [7, `byProduct { sku ${amounts} }`]),
    revenue("7 days, by category", [7, `byCategory { category ${amounts} }`]),
    revenue("a year, total", [364, `total { ${amounts} }`]),
    revenue("a year, by month", [364, `periods(granularity: MONTH, ${zone}) { start ${amounts} }`]),
    revenue("a year, by product", [364, `byProduct { sku ${amounts} }`]),
  ];
}

function ofProducts(): ReadQuestion[] {
  const list = (name: string, variables: object): ReadQuestion => {
    return { name: `products: ${name}`, query: productsQuery, variables: { ...variables } };
  };
  const byPrice = { orderBy: { field: "PRICE", direction: "ASC" } };
  return [
    list("newest", {}),
    list("of a category, by price", { where: { category: "tea" }, ...byPrice }),
    list("in a price range, available", {
      where: { price: { currency: "EUR", min: 1_000, max: 2_000 }, isAvailable: true },
      ...byPrice,
    }),
    {
      name: "search of products",
      query: `{ searchProducts(text: "earl teapot") { totalCount nodes { ${product} } } }`,
      variables: {},
    },
    {
      name: "low stock",
      query: `{ lowStock(atMost: 60) { nodes { ${product} } } }`,
      variables: {},
    },
    { name: "categories", query: "{ categories { name productCount } }", variables: {} },
    {
      name: "product by SKU",
      query: `{ productBySku(sku: "${skuOf(11)}") { ${product} } }`,
      variables: {},
    },
  ];
}

function ofOneOrder({ orderId, orderNumber }: Stored): ReadQuestion[] {
  const variables = { id: orderId };
  const ask = (name: string, query: string): ReadQuestion => ({ name, query, variables });
  return [
    ask("order by id", `query ($id: UUID!) { order(id: $id) { ${order} } }`),
    {
      name: "order by number",
      query: `{ orderByNumber(number: "${orderNumber}") { ${order} } }`,
      variables: {},
    },
    ask("order at version 3", `query ($id: UUID!) { order(id: $id, atVersion: 3) { ${order} } }`),
    ask(
      "order history",
      `query ($id: UUID!) { orderHistory(id: $id, first: 20) { edges { node {
        version at command event { type } } } } }`,
    ),
    ask("order diff", `query ($id: UUID!) { orderDiff(id: $id, from: 1, to: 4) { path } }`),
    ask("verify history", `query ($id: UUID!) { verifyHistory(id: $id) { isIntact } }`),
  ];
}
