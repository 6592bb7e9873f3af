import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { createPaperShop } from "../../bench/paper-shop.ts";
import { schema } from "../../gateway/schema/schema.ts";
import { createMongoEventStore, lastVersion, type Commit } from "../../log/index.ts";
import { openPersonal } from "../machines/samples.ts";
import { appendAll } from "../projections/rig.ts";
import { openShop, type Shop } from "./shop.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/queries.md"), "utf8");
const examples = [...page.matchAll(/```graphql\n([^`]*)```\n\n```json\n([^`]*)```/g)].map(
  ([, query = "", answer = ""]) => ({ query, answer: JSON.parse(answer) as unknown }),
);
const DAY_MS = 86_400_000;

let shop: Shop;
let variables: Readonly<Record<string, string>>;

beforeAll(async () => {
  shop = await openShop();
  const now = Date.now();
  const content = { fields: openPersonal, plain: { country: "GB" } };
  const personal = (await shop.options.privacy.seal("ada", content)) ?? {};
  const paper = createPaperShop();
  const sku = "TEA-EARL-GREY";
  const tea = { sku, name: "Earl Grey, 100 g", category: "tea", minor: 690, onHand: 80 };
  paper.sell(tea, now - 9 * DAY_MS);
  const order = { customerId: "ada", personal, items: [{ sku, quantity: 2 }] };
  paper.order({ ...order, name: "one", course: "delivered", at: now - 5 * DAY_MS });
  paper.order({ ...order, name: "two", course: "reserved", at: now - DAY_MS });
  await appendAll(createMongoEventStore(shop.database.db), paper.commits);
  await seenByQueries(paper.commits);
  const [, pending = ""] = [...paper.orders.keys()];
  const query = `{ order(id: "${pending}") { number } }`;
  const { data } = await shop.ask<{ order: { number: string } | null }>(shop.operator, query);
  const orderNumber = data?.order?.number ?? expect.fail("queries do not see the order");
  const period = { from: iso(now - 9 * DAY_MS), before: iso(now) };
  variables = { orderId: pending, orderNumber, ...period };
});

async function seenByQueries(commits: readonly Commit[]): Promise<void> {
  const { orders, products } = shop.options.projections;
  const deadline = Date.now() + 90_000;
  for (const commit of commits) {
    const reads = commit.aggregate === "order" ? orders : products;
    expect(await reads.waitFor(commit.stream, lastVersion(commit), deadline)).toBe(true);
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** What an answer is made of; a list by its first item. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value === null) return null;
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, shapeOf(field)]));
}

describe("the page on queries", () => {
  test("shows every query of the schema", () => {
    for (const name of Object.keys(schema.getQueryType()?.getFields() ?? {})) {
      expect(page).toMatch(new RegExp(`\`${name}[(\`]`));
    }
    expect(examples.length).toBeGreaterThan(8);
    expect(page.match(/```graphql/g)).toHaveLength(examples.length);
  });

  test.each(examples)("shows what is answered: $query", async ({ query, answer }) => {
    expect(validate(schema, parse(query))).toEqual([]);
    const { data, errors } = await shop.ask(shop.operator, query, variables);
    expect(errors).toBeUndefined();
    expect(shapeOf(data)).toEqual(shapeOf(answer));
  });
});
