import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/servers.ts";
import { CREATE_TICKET, feedUrl, inspect, passFor } from "./inspector.ts";
import { openShop, sell, type Shop } from "./shop.ts";

let shop: Shop;
let productId: string;

beforeAll(async () => {
  shop = await openShop();
  productId = await sell(shop, "TEA-1");
});

describe("a ticket of the inspection feed", () => {
  test.each(["customer", "service"])("is not made for the scope %s", async (scope) => {
    const token = shop.signer.sign({ sub: "somebody", scope });
    const variables = { stream: `product:${productId}` };
    const { data, errors } = await shop.ask(token, CREATE_TICKET, variables);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  });

  test.each([
    "",
    "order",
    "order:1",
    "basket:0b0e7f3e-6c2c-5e6f-8f0a-0a5b6d2f1c11",
    "**",
    "__proto__:x",
  ])("is not made for the stream '%s'", async (stream) => {
    const { errors } = await shop.ask(shop.operator, CREATE_TICKET, { stream });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });

  test("opens once, whoever tries at the same moment, at whatever gateway", async () => {
    const another = await shop.startAnother({});
    const pass = await passFor(shop.url, shop.operator, `product:${productId}`);
    const tries = [1, 2, 3, 4, 5, 6].map((count) =>
      inspect(feedUrl(count % 2 === 0 ? shop.url : another.url, pass)),
    );
    await eventually(() => tries.filter(({ frames }) => frames.length >= 5).length === 1);
    const losers = tries.filter(({ frames }) => frames.length === 0);
    expect(losers).toHaveLength(5);
    for (const { closed } of losers) {
      expect(await closed).toEqual({ code: 4401, reason: "The ticket was used before." });
    }
  });

  test("is good for a minute, and then too late", async () => {
    const { inspection } = shop.options;
    if (!inspection) throw new Error("the shop has an inspection feed");
    const pass = await passFor(shop.url, shop.operator, `product:${productId}`);
    const lifetimeMs = Date.parse(pass.expiresAt) - Date.now();
    expect(lifetimeMs).toBeLessThanOrEqual(60_000);
    const brief = await shop.startAnother({ inspection: { ...inspection, ticketLifetimeMs: 1 } });
    const late = await passFor(brief.url, shop.operator, `product:${productId}`);
    await eventually(() => Date.now() > Date.parse(late.expiresAt));
    const { closed, frames } = inspect(feedUrl(shop.url, late));
    expect(await closed).toEqual({ code: 4401, reason: "The ticket has expired." });
    expect(frames).toEqual([]);
  });

  test("of anybody else is refused, and one that was changed", async () => {
    const { ticket } = await passFor(shop.url, shop.operator, `product:${productId}`);
    const [body = "", signature = ""] = ticket.split(".");
    const longer = { ...(JSON.parse(fromBase64(body)) as object), e: Date.now() + 1e9 };
    const forged = Buffer.from(JSON.stringify(longer)).toString("base64url");
    const others = createHmac("sha256", "another key").update(forged).digest("base64url");
    const bad = [`${forged}.${signature}`, `${forged}.${others}`, `${ticket}.x`, `${body}.`];
    for (const text of [...bad, body, ".", "x".repeat(5_000)]) {
      const { closed } = inspect(place({ stream: `product:${productId}`, ticket: text }));
      expect(await closed).toEqual({ code: 4401, reason: "The ticket is not one of ours." });
    }
    const { closed } = inspect(place({ stream: `product:${productId}` }));
    expect(await closed).toEqual({ code: 4401, reason: "A ticket is required." });
  });

  test("opens its own stream only, and is not used up by a try at another", async () => {
    const { ticket, path } = await passFor(shop.url, shop.operator, `product:${productId}`);
    const { closed } = inspect(place({ stream: "*", ticket }));
    expect(await closed).toEqual({ code: 4403, reason: "The ticket is for another stream." });
    const { frames } = inspect(feedUrl(shop.url, { path }));
    await eventually(() => frames.length >= 5);
  });

  test("opens no longer than its maker's token lives", async () => {
    const exp = Math.floor(Date.now() / 1_000) + 3;
    const token = shop.signer.sign({ sub: "olga", scope: "operator", exp });
    const pass = await passFor(shop.url, token, `product:${productId}`);
    expect(Date.parse(pass.expiresAt)).toBeLessThanOrEqual(exp * 1_000);
    const { closed } = inspect(feedUrl(shop.url, pass));
    expect(await closed).toEqual({ code: 4403, reason: "The token has expired." });
  });

  function place(query: Record<string, string>): string {
    return feedUrl(shop.url, { path: `/inspect?${new URLSearchParams(query).toString()}` });
  }

  function fromBase64(text: string): string {
    return Buffer.from(text, "base64url").toString("utf8");
  }
});
