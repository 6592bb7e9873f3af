import type { Browser, Page } from "playwright-core";
import { accepted, orderOf, publishedProduct, type Door, type Inputs } from "../journeys/shop.ts";
import { post } from "../support/graphql.ts";
import { startStatecartHere } from "../support/statecart-here.ts";
import { openBrowser, visit, type Visit } from "./browser.ts";

/** A shop with one product, and a browser to look at it. */
export interface ConsoleShop extends Door {
  readonly browser: Browser;
  readonly sku: string;
  address(path: string): string;
  visit(path: string): Promise<Visit>;
  /** An operator's command, with all that it starts. */
  send(name: string, input: Inputs): Promise<void>;
  /** An order of one line whose stock is reserved. */
  place(changes?: Inputs): Promise<{ readonly orderId: string; readonly number: string }>;
  ask<T>(query: string, variables: Inputs): Promise<T>;
}

/** Starts Statecart in this process and a browser; both end with the test file. */
export async function openConsoleShop(): Promise<ConsoleShop> {
  const [statecart, browser] = await Promise.all([startStatecartHere(), openBrowser()]);
  const { graphql, tokens } = statecart.running;
  if (tokens === undefined) throw new Error("development makes tokens");
  const door: Door = { graphql, tokens };
  const sku = await publishedProduct(door);
  const address = (path: string): string => graphql.replace(/graphql$/, `console/${path}`);
  return {
    ...door,
    browser,
    sku,
    address,
    visit: (path) => visit(browser, address(path)),
    async send(name, input) {
      await accepted(door, name, { ...input, consistency: "SETTLED" });
    },
    async place(changes = {}) {
      const input = { ...orderOf(sku), customerId: "ada", consistency: "SETTLED", ...changes };
      const { order } = await accepted(door, "createOrder", input);
      return { orderId: String(order?.id), number: String(order?.number) };
    },
    async ask<T>(query: string, variables: Inputs) {
      const { data, errors } = await post<T>(graphql, tokens.operator, { query, variables });
      if (data === null) throw new Error(JSON.stringify(errors));
      return data;
    },
  };
}

/** The innermost states that the chart of a page lights, sorted. */
export async function litStates(page: Page): Promise<readonly string[]> {
  const all = await page
    .locator("[data-lit=true]")
    .evaluateAll((boxes) => boxes.map((box) => (box as unknown as Box).dataset["state"] ?? ""));
  return all.filter((state) => !all.some((other) => other.startsWith(`${state}.`))).sort();
}

interface Box {
  readonly dataset: Readonly<Record<string, string | undefined>>;
}
