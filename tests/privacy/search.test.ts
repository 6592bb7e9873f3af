import { describe, expect, it } from "vitest";
import { openShop, orderOf, run, sell } from "../gateway/shop.ts";
import { eventually } from "../support/servers.ts";

const search = `query Search($text: String!) {
  searchOrders(text: $text, first: 10) { edges { node { number contact { name reading } } } }
}`;

interface Found {
  readonly searchOrders: {
    readonly edges: readonly {
      readonly node: { readonly number: string; readonly contact: object };
    }[];
  };
}

describe("a search for what is personal", () => {
  it("finds beginnings of name and e-mail address until the customer is erased", async () => {
    const shop = await openShop();
    await sell(shop, "TEA-1");
    const input = orderOf("TEA-1", { consistency: "STRONG" });
    const { order } = await run(shop, shop.customer("ada"), ["createOrder", "order", input]);
    const find = async (token: string, text: string): Promise<unknown[]> => {
      const { data } = await shop.ask<Found>(token, search, { text });
      return data?.searchOrders.edges.map(({ node }) => node) ?? [];
    };
    const hit = { number: order?.["number"], contact: { name: "Ada Lovelace", reading: "OPEN" } };
    for (const text of ["love", "ADA lovel", "ada@example.com"]) {
      expect(await find(shop.operator, text)).toEqual([hit]);
    }
    expect(await find(shop.operator, "ovelace")).toEqual([]);
    expect(await find(shop.customer("bob"), "love")).toEqual([]);

    const erase = `mutation { eraseCustomer(customerId: "ada") { outcome orders } }`;
    const { data } = await shop.ask(shop.operator, erase);
    expect(data?.["eraseCustomer"]).toEqual({ outcome: "ERASED", orders: 1 });
    for (const text of ["love", "ADA lovel", "ada@example.com"]) {
      expect(await find(shop.operator, text)).toEqual([]);
    }
    // It is found by everything else, and what happens to it later brings nothing back.
    const held = { orderId: order?.["id"], reason: "a look", consistency: "STRONG" };
    expect((await run(shop, shop.operator, ["holdOrder", "order", held])).errors).toEqual([]);
    await eventually(async () => (await find(shop.operator, "TEA-1")).length === 1);
    expect(await find(shop.operator, "love")).toEqual([]);
    expect(await find(shop.operator, "TEA-1")).toEqual([
      { ...hit, contact: { name: "(erased)", reading: "ERASED" } },
    ]);
  });
});
