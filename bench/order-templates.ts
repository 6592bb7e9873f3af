import type { Db, Document } from "mongodb";
import type { Commit, EventStore } from "../log/index.ts";
import type { Privacy } from "../privacy/index.ts";
import { trackingOf, type Identity } from "./order-clone.ts";
import { createPaperShop, type Course, type PaperShop } from "./paper-shop.ts";
import type { Served } from "./served.ts";

const PRODUCTS = 2_000;
/** Customers, each of whom orders in every way that there is. */
const CUSTOMERS = 40;
const SOLD_OUT = "SOLD-OUT";
const kinds = ["Earl Grey", "Sencha", "Assam", "Darjeeling", "Oolong", "Pu Erh", "Rooibos"];
const goods = ["tea", "teapot", "cup", "strainer", "whisk", "tin", "caddy", "scale"];
const firstNames = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Tony"];
const lastNames = [
  "Lovelace",
  "Hopper",
  "Turing",
  "Dijkstra",
  "Liskov",
  "Knuth",
  "Perlman",
  "Hoare",
];
/** When the templates are placed; their clones are moved to wherever they belong. */
const TEMPLATES_AT = Date.parse("2026-01-05T10:00:00.000Z");

/** One order with everything that is stored of it, as this code has stored it. */
export interface Template extends Identity {
  readonly course: Course;
  readonly row: Document;
  /** The rows of its facts, by the name of their collection in every generation. */
  readonly facts: Readonly<Record<string, readonly Document[]>>;
  readonly commits: readonly Commit[];
  /** From its first event to its last. */
  readonly durationMs: number;
}

/** Products and orders that live on paper, in ways that differ as those of a shop do. */
export async function templateShop(
  courses: readonly Course[],
  privacy: Privacy,
): Promise<PaperShop> {
  const paper = createPaperShop();
  const sell = (sku: string, index: number, onHand: number): void => {
    const good = goods[index % goods.length] ?? "";
    const name = `${kinds[index % kinds.length] ?? ""} ${good} ${String(index)}`;
    paper.sell({ sku, name, category: good, minor: 290 + (index % 97) * 50, onHand }, TEMPLATES_AT);
  };
  sell(SOLD_OUT, 0, 0);
  for (let index = 0; index < PRODUCTS; index += 1) sell(skuOf(index), index, 50 + (index % 500));
  for (let customer = 0; customer < CUSTOMERS; customer += 1) {
    const customerId = customerOf(customer);
    const fields = personalOf(customer);
    const personal = await privacy.seal(customerId, { fields, plain: { country: "GB" } });
    for (const [index, course] of courses.entries()) {
      const nth = customer * courses.length + index;
      const count = 1 + (nth % 4);
      const skus = Array.from({ length: count }, (_, line) =>
        skuOf((nth * 7 + line * 13) % PRODUCTS),
      );
      const items = skus.map((sku, line) => ({ sku, quantity: 1 + ((nth + line) % 3) }));
      if (course === "rejected") items.push({ sku: SOLD_OUT, quantity: 1 });
      const name = `template/${String(nth)}`;
      paper.order({ name, customerId, personal: personal ?? {}, items, course, at: TEMPLATES_AT });
    }
  }
  return paper;
}

/** The id of a customer that the templates have. */
export function customerOf(index: number): string {
  return `customer-${String(index % CUSTOMERS)}`;
}

/** The SKU of a product that is on sale. */
export function skuOf(index: number): string {
  return `SKU-${String(index).padStart(4, "0")}`;
}

function personalOf(customer: number): object {
  const first = firstNames[customer % firstNames.length] ?? "";
  const last = lastNames[Math.floor(customer / firstNames.length) % lastNames.length] ?? "";
  const name = `${first} ${last}`;
  const email = `${first}.${last}.${String(customer)}@example.com`.toLowerCase();
  const place = { line1: "1 Market Street", city: "London", postalCode: "SW1Y 4JH", country: "GB" };
  return { contact: { name, email }, shippingAddress: { name, ...place } };
}

/** Reads back what is stored of the orders of the paper shop, with every type as it is stored. */
export async function readTemplates(
  { db, store, served }: { readonly db: Db; readonly store: EventStore; readonly served: Served },
  courseOf: ReadonlyMap<string, Course>,
): Promise<readonly Template[]> {
  const asStored = { promoteValues: false } as const;
  const templates: Template[] = [];
  for await (const row of db.collection(served.rows).find({}, asStored)) {
    const id = String(row._id);
    const facts: Record<string, Document[]> = {};
    for (const [kind, name] of served.facts) {
      const own = { _id: { $gte: `${id}/` as never, $lt: `${id}0` as never } };
      facts[kind] = await db.collection(name).find(own, asStored).toArray();
    }
    const commits = await store.read(id, 0);
    const [begin, end] = [row["createdAt"], row["updatedAt"]] as [Date, Date];
    const number = String((row["index"] as Document)["orderNumber"]);
    const identity = { id, number, at: begin.getTime() };
    const durationMs = end.getTime() - begin.getTime();
    const course = courseOf.get(id);
    if (course === undefined || hasMixedWords({ number, row })) continue;
    templates.push({ ...identity, course, row, facts, commits, durationMs });
  }
  return templates;
}

/** Whether a part of its number begins as another part or word does: no clone could tell. */
function hasMixedWords({ number, row }: Pick<Template, "number" | "row">): boolean {
  const { context } = row["state"] as { context: { lines: { sku: string; name: string }[] } };
  const words = context.lines
    .flatMap(({ sku, name }) => `${sku} ${name}`.toLowerCase().split(/[^a-z0-9]+/))
    .filter((word) => word !== "");
  const parts = [...number.split("-"), trackingOf(number)].map((part) => part.toLowerCase());
  const begins = [...parts, ...new Set(words)].map((word) => word.slice(0, 2));
  return parts.some((_part, index) => begins.indexOf(begins[index] ?? "", index + 1) > 0);
}
