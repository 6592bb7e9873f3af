import { beforeAll, expect, test } from "vitest";
import { createPaperShop, courses, type PaperShop } from "../../bench/paper-shop.ts";
import type { GatewayOptions } from "../../gateway/index.ts";
import { schema } from "../../gateway/schema/schema.ts";
import { createMongoEventStore } from "../../log/index.ts";
import { productIdOf } from "../../machines/index.ts";
import { createDeadLetters } from "../../projections/dead-letters.ts";
import { appendAll } from "../projections/rig.ts";
import { eventually, testDatabase } from "../support/servers.ts";
import { openPersonal } from "../machines/samples.ts";
import { explained, readsDuring, type Explained } from "./asked-commands.ts";
import { questionsAbout, type Question, type Subjects } from "./questions.ts";
import { openShop, type Shop } from "./shop.ts";

/**
 * Every query of the schema is asked through the gateway, and every read that the driver sends
 * meanwhile is explained, with little in the database and with four times as much: none may scan a
 * collection or sort in memory, and none may look at more for each row that it wants when there is
 * more.
 */
const DAY_MS = 86_400_000;
const ORDERS_A_DAY = 50;
const ORDERS_FEW = 90;
const ORDERS_MANY = 360;
const PRODUCTS_FEW = 40;
/** How much more may be looked at for each row: what is rare is not spread evenly. */
const GROWTH_MAX = 1.5;
const SLACK = 5;

const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - 20 * DAY_MS;
const momentOf = (day: number): string => new Date(start + day * DAY_MS).toISOString();
const customers = ["ada", "bob", "cleo"] as const;
const teas = ["Earl Grey", "Sencha", "Assam", "Darjeeling"] as const;

type Plans = ReadonlyMap<string, readonly Explained[]>;

let shop: Shop;
let few: Plans;
let many: Plans;
let questions: Readonly<Record<string, readonly Question[]>>;

beforeAll(async () => {
  const database = await testDatabase({ monitorCommands: true });
  const letters = createDeadLetters(database.db, "orders");
  shop = await openShop(
    {
      system: {
        status: () => Promise.reject(new Error("nobody asks")),
        deadLetters: () => letters.list(),
        retry: () => Promise.resolve(false),
        skip: () => Promise.resolve(false),
      },
    },
    database,
  );
  const fill = createFiller(shop);
  const subject = await fill({ orders: ORDERS_FEW, products: PRODUCTS_FEW });
  questions = questionsAbout(subject);
  few = await explainEach(Object.values(questions).flat());
  await fill({ orders: ORDERS_MANY, products: 4 * PRODUCTS_FEW });
  many = await explainEach(Object.values(questions).flat());
});

type Counts = Readonly<Record<"orders" | "products", { readonly totalCount: number }>>;

/** Puts histories into the log until there are so many, and waits until they can be read. */
function createFiller(target: Shop) {
  const paper = createPaperShop();
  let [orders, products, landed] = [0, 0, 0];
  return async (until: { readonly orders: number; readonly products: number }) => {
    for (; products < until.products; products += 1) {
      const name = `${teas[products % teas.length] ?? ""} tea ${String(products)}`;
      const category = products % 3 === 0 ? "Teaware" : "Tea";
      const onHand = products % 10 === 9 ? 0 : 400 + products;
      const minor = 400 + 10 * (products % 50);
      paper.sell({ sku: `SKU-${String(products)}`, name, category, minor, onHand }, start);
    }
    for (; orders < until.orders; orders += 1)
      await placeOrder(paper, orders, target.options.privacy);
    await appendAll(createMongoEventStore(shop.database.db), paper.commits.slice(landed));
    landed = paper.commits.length;
    const counts = "{ orders(first: 0) { totalCount } products(first: 0) { totalCount } }";
    await eventually(async () => {
      const { data } = await target.ask<Counts>(target.operator, counts);
      return data?.orders.totalCount === orders && data.products.totalCount === products;
    });
    return subjectsIn(paper);
  };
}

async function placeOrder(
  paper: PaperShop,
  index: number,
  privacy: GatewayOptions["privacy"],
): Promise<void> {
  const customerId = customers[index % customers.length] ?? "";
  const course = courses[index % courses.length] ?? "paid";
  const plain = { country: "GB" };
  const personal = await privacy.seal(customerId, { fields: openPersonal, plain });
  const skus = [`SKU-${String(index % 9)}`, ...(course === "rejected" ? ["SKU-9"] : [])];
  paper.order({
    name: String(index),
    customerId,
    personal: personal ?? {},
    items: skus.map((sku) => ({ sku, quantity: 1 + (index % 3) })),
    course,
    at: start + (index * DAY_MS) / ORDERS_A_DAY,
  });
}

/** The first order of Ada's that went far. */
function subjectsIn({ commits }: PaperShop): Subjects {
  const far = commits.find(({ meta, version }) => meta.subject === "ada" && version > 3);
  const first = commits.find(({ stream, version }) => stream === far?.stream && version === 1);
  const { orderNumber } = (first?.events[0]?.data ?? {}) as { readonly orderNumber?: string };
  if (far === undefined || orderNumber === undefined) throw new Error("Ada has paid for nothing");
  const [product, sku] = [productIdOf("SKU-0"), "SKU-0"];
  const day = { from: momentOf(1), before: momentOf(2) };
  return { order: far.stream, product, orderNumber, sku, customer: "ada", ...day };
}

async function explainEach(all: readonly Question[]): Promise<Plans> {
  const { client, db } = shop.database;
  const plans = new Map<string, readonly Explained[]>();
  for (const question of all) {
    const reads = await readsDuring(client, () => askIn(question));
    const found: Explained[] = [];
    for (const read of reads) found.push(await explained(db, read));
    plans.set(question.name, found);
  }
  return plans;
}

/** Asks, and where there is more, for the next page too. Throws what the gateway complains of. */
async function askIn({ name, text, variables, isCustomers, goesOn }: Question): Promise<void> {
  const token = isCustomers ? shop.customer("ada") : shop.operator;
  const { data, errors } = await shop.ask(token, text, variables);
  if (data === null || errors !== undefined) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  const [page] = Object.values(data) as { pageInfo?: { endCursor: string | null } }[];
  if (!goesOn) return;
  const after = page?.pageInfo?.endCursor;
  expect(after, name).toBeTypeOf("string");
  const next = await shop.ask(token, text, { ...variables, after });
  expect(next.errors).toBeUndefined();
}

test("no query of the schema is forgotten here", () => {
  const names = Object.keys(schema.getQueryType()?.getFields() ?? {});
  expect(Object.keys(questions).sort()).toEqual(names.sort());
  // Whoever is not asked would pass every test.
  const silent = [...few].filter(([, plans]) => plans.length === 0).map(([name]) => name);
  expect(silent).toEqual([]);
});

test("every query is answered by an index that has its order", () => {
  const all = Object.values(questions).flat();
  const faults = all.flatMap(({ name, sortsAtMost }) =>
    (many.get(name) ?? []).flatMap(({ command, stages, documents }) => {
      const isSorted = stages.includes("SORT") && documents > sortsAtMost;
      return stages.includes("COLLSCAN") || isSorted ? [{ name, stages, documents, command }] : [];
    }),
  );
  expect(faults).toEqual([]);
});

test("no query looks at more for each row that it wants when there is more", () => {
  const most = (plans: readonly Explained[] = []): number =>
    Math.max(...plans.map(({ examined, wanted }) => examined / Math.max(1, wanted)));
  const faults = [...many].flatMap(([name, plans]) => {
    const [before, after] = [most(few.get(name)), most(plans)];
    return after > GROWTH_MAX * before + SLACK ? [{ name, before, after }] : [];
  });
  expect(faults).toEqual([]);
});
