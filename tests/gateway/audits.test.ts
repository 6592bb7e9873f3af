import { serverAudits } from "graphql-http";
import { beforeAll, describe, expect, test } from "vitest";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

/** The audits know nothing of tokens. */
const fetchFn = (url: string | URL, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${shop.operator}`);
  return fetch(url, { ...init, headers });
};

describe("GraphQL over HTTP", () => {
  const audits = serverAudits({ url: () => shop.url, fetchFn });

  test("has as many audits as we know of", () => {
    expect(audits.length).toBeGreaterThanOrEqual(61);
  });

  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))(
    "%s",
    async (_name, audit) => {
      const result = await audit.fn();
      expect("reason" in result ? result.reason : null).toBeNull();
      expect(result.status).toBe("ok");
    },
  );
});
