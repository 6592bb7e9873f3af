/** One way to ask one query, as its customer or as an operator. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly isCustomers: boolean;
  /** Asks for the page after the first one too. */
  readonly goesOn: boolean;
  /** The most rows that may be sorted in memory, and why so few: none unless given. */
  readonly sortsAtMost: number;
}

/** What the questions are about: an order with a long enough history, a product, a day. */
export interface Subjects {
  readonly order: string;
  readonly product: string;
  readonly orderNumber: string;
  readonly sku: string;
  readonly customer: string;
  /** A day (its first moment and that of the next) with as many orders as every other. */
  readonly from: string;
  readonly before: string;
}

type Way = Partial<Omit<Question, "name" | "text" | "variables">>;

const page = "nodes { id } pageInfo { endCursor }";
const orderFields = ["CREATED_AT", "UPDATED_AT", "TOTAL"];
const productFields = ["CREATED_AT", "UPDATED_AT", "NAME", "PRICE"];
const directions = ["ASC", "DESC"];

function question(
  name: string,
  text: string,
  { variables = {}, ...way }: Way & { readonly variables?: Question["variables"] } = {},
): Question {
  const usual = { isCustomers: false, goesOn: false, sortsAtMost: 0 };
  const label = way.isCustomers === true ? `${name}, as a customer` : name;
  return { name: label, text, variables, ...usual, ...way };
}

/** A list in every order, and from a cursor on; backwards is the other direction to the server. */
function lists(
  [name, type]: readonly [name: string, type: string],
  where: object,
  { fields, ...way }: Way & { readonly fields: readonly string[] },
): Question[] {
  const signature = `$where: ${type}Where, $orderBy: ${type}Order, $after: Cursor`;
  const given = "where: $where, orderBy: $orderBy, first: 10, after: $after";
  const text = `query (${signature}) { ${name}(${given}) { ${page} } }`;
  return fields.flatMap((field) =>
    directions.map((direction) => {
      const variables = { where, orderBy: { field, direction } };
      const label = `${name} ${JSON.stringify(variables)}`;
      return question(label, text, { variables, goesOn: true, ...way });
    }),
  );
}

/** Every query of the schema, each in all ways that lead to another plan. */
export function questionsAbout(subjects: Subjects): Readonly<Record<string, readonly Question[]>> {
  return { ...aboutOrders(subjects), ...aboutProducts(subjects), ...aboutThePast(subjects) };
}

function aboutOrders({ order, orderNumber, customer, from, before }: Subjects) {
  const ofOrders = ["orders", "Order"] as const;
  const fields = orderFields;
  const status = ["PENDING", "CANCELLED"];
  const day = { createdFrom: from, createdBefore: before };
  const hours = { createdFrom: from.replace("T00", "T07"), createdBefore: before };
  const count = (where: object, way: Way = {}): Question =>
    question(
      `count ${JSON.stringify(where)}`,
      "query ($where: OrderWhere) { orders(where: $where, first: 0) { totalCount } }",
      { variables: { where }, ...way },
    );
  const search = (text: string, where: object = {}, way: Way = {}): Question =>
    question(
      `searchOrders ${text} ${JSON.stringify(where)}`,
      `query ($text: String!, $where: OrderWhere, $after: Cursor) {
        searchOrders(text: $text, where: $where, after: $after) { totalCount ${page} } }`,
      { variables: { text, where }, goesOn: true, ...way },
    );
  const revenue = `query { revenueReport(currency: "EUR", from: "${from}", before: "${before}") {
    total { net { minor } } byProduct { sku } byCategory { category }
    periods(granularity: WEEK, timeZone: "Europe/Berlin") { start } } }`;
  const counted = "orderStatistics";
  return {
    order: [question("order", `{ order(id: "${order}", atLeastVersion: 1) { status } }`)],
    orderByNumber: [
      question("orderByNumber", `{ orderByNumber(number: "${orderNumber}") { status } }`),
    ],
    node: [question("node", `{ node(id: "${order}") { id } }`)],
    orders: [
      ...lists(ofOrders, {}, { fields }),
      ...lists(ofOrders, {}, { fields, isCustomers: true }),
      ...lists(ofOrders, { status }, { fields }),
      ...lists(ofOrders, { customerId: customer, status }, { fields }),
      // So few are created in a day here that they are sorted.
      ...lists(ofOrders, day, { fields, sortsAtMost: 1_000 }),
      ...lists(ofOrders, { ...day, status }, { fields, sortsAtMost: 1_000 }),
      ...[{}, { status }, day, hours, { status, ...hours }].map((where) => count(where)),
      count({ customerId: customer, status }),
      count({}, { isCustomers: true }),
    ],
    searchOrders: [
      ...["Earl", "earl tea", orderNumber.slice(0, 9)].map((text) => search(text)),
      // A whole number is looked up.
      search(orderNumber, {}, { sortsAtMost: 1 }),
      search("Lovelace"),
      search("ada tea"),
      search("tea", { status: ["CANCELLED"] }),
      search("tea", day),
      search("tea", {}, { isCustomers: true }),
    ],
    orderStatistics: [
      question(counted, `{ ${counted} { count byDay { day } timeInStatus { averageMs } } }`),
      question(counted, `{ ${counted}(from: "${from.slice(0, 10)}") { byStatus { count } } }`),
    ],
    revenueReport: [question("revenueReport", revenue)],
  };
}

function aboutProducts({ product, sku }: Subjects) {
  const ofProducts = ["products", "Product"] as const;
  const fields = productFields;
  const price = { currency: "EUR", min: 500 };
  const search = (text: string, way: Way = {}): Question =>
    question(
      `searchProducts ${text}`,
      `query ($text: String!, $after: Cursor) {
        searchProducts(text: $text, after: $after) { totalCount ${page} } }`,
      { variables: { text }, goesOn: true, ...way },
    );
  const low = `query ($after: Cursor) {
    lowStock(atMost: 500, after: $after) { totalCount ${page} } }`;
  return {
    product: [question("product", `{ product(id: "${product}") { sku } }`)],
    productBySku: [question("productBySku", `{ productBySku(sku: "${sku}") { sku } }`)],
    products: [
      ...lists(ofProducts, {}, { fields }),
      ...lists(ofProducts, { category: "Tea" }, { fields, isCustomers: true }),
      ...lists(ofProducts, { status: ["ACTIVE", "DRAFT"] }, { fields }),
      ...lists(ofProducts, { category: "Tea" }, { fields }),
      ...lists(ofProducts, { price, isAvailable: true }, { fields }),
      // A hundred can be named at most, so they are sorted.
      ...lists(ofProducts, { skus: [sku] }, { fields, sortsAtMost: 100 }),
    ],
    searchProducts: [search("Earl"), search("tea earl"), search("tea", { isCustomers: true })],
    lowStock: [question("lowStock", low, { goesOn: true })],
    categories: [
      question("categories", "{ categories { name productCount } }"),
      question("categories on sale", "{ categories { name } }", { isCustomers: true }),
    ],
  };
}

function aboutThePast({ order, product, before }: Subjects) {
  const entries = "edges { cursor } pageInfo { endCursor startCursor }";
  const history = (name: string, id: string, way: Way = {}): Question[] =>
    ["first: 3", "last: 3"].map((size) =>
      question(
        `${name} ${size}`,
        `query ($after: Cursor) { ${name}(id: "${id}", ${size}, after: $after) { ${entries} } }`,
        { goesOn: size.startsWith("first"), ...way },
      ),
    );
  const states = [`atVersion: 3`, `at: "${before}"`].map((moment) =>
    question(`order ${moment}`, `{ order(id: "${order}", ${moment}) { status } }`),
  );
  const diff = (name: string, id: string): Question =>
    question(name, `{ ${name}(id: "${id}", from: 1, to: 2) { path } }`);
  return {
    orderHistory: [
      ...history("orderHistory", order),
      ...history("orderHistory", order, { isCustomers: true }),
      ...states,
    ],
    productHistory: history("productHistory", product),
    orderDiff: [diff("orderDiff", order)],
    productDiff: [diff("productDiff", product)],
    verifyHistory: [
      question("verifyHistory", `{ verifyHistory(id: "${order}") { isIntact reason } }`),
    ],
    // A projection parks a thousand at most.
    deadLetters: [question("deadLetters", "{ deadLetters { code } }", { sortsAtMost: 1_000 })],
    // What the process knows without a read.
    system: [],
    chart: [],
  };
}
