import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { expect, test } from "vitest";
import { schema } from "../../gateway/schema/schema.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";

const root = new URL("../..", import.meta.url).pathname;
const page = readFileSync(join(root, "docs/watching.md"), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, text]) => text ?? "",
  );

test("the page on watching shows subscriptions that are valid, and all there are", () => {
  const texts = blocks("graphql");
  expect(texts.length).toBeGreaterThan(3);
  for (const text of texts) expect(validate(schema, parse(text))).toEqual([]);
  for (const name of Object.keys(schema.getSubscriptionType()?.getFields() ?? {})) {
    expect(page).toContain(`\`${name}`);
  }
});

test("the client that the page shows resumes after its cursor", async () => {
  const shop = await openShop();
  await sell(shop, "TEA-1");
  // Beside node_modules, where its imports are found; ignored by git.
  const file = join(root, "node_modules", `.watching-${String(process.pid)}.mjs`);
  writeFileSync(file, blocks("js")[0] ?? "");
  const start = (after = "") => {
    const env = { ...process.env, STATECART_WS: shop.wsUrl, STATECART_TOKEN: shop.operator };
    const child = spawn(process.execPath, [file], { env: { ...env, AFTER: after } });
    disposeLater(() => Promise.resolve(child.kill("SIGKILL")));
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    interface Item {
      readonly cursor: string;
      readonly event?: { readonly id: string };
    }
    const items = (): Item[] =>
      text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Item);
    return { items, kill: () => child.kill("SIGKILL") };
  };
  const order = async (): Promise<string[]> => {
    const token = shop.customer();
    const { order: made } = await run(shop, token, ["createOrder", "order", orderOf("TEA-1")]);
    return ["1", "2"].map((version) => `${String(made?.["id"])}/${version}`);
  };
  const idsOf = ({ items }: ReturnType<typeof start>): string[] =>
    items().flatMap(({ event }) => (event === undefined ? [] : [event.id]));
  const first = start();
  await eventually(() => first.items().length > 0);
  const seen = await order();
  await eventually(() => idsOf(first).length === 2);
  expect(idsOf(first)).toEqual(seen);
  first.kill();
  const missed = [...(await order()), ...(await order())];
  const second = start(first.items().at(-1)?.cursor);
  await eventually(() => idsOf(second).length >= 4);
  expect(idsOf(second)).toEqual(missed);
});
