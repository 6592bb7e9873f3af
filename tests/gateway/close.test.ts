import { describe, expect, test } from "vitest";
import { openShop, orderOf, sell, mutation } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";
import { post } from "../support/graphql.ts";

describe("a gateway that closes", () => {
  test("tells sockets to come again, answers what is under way, takes nothing new", async () => {
    const shop = await openShop();
    await sell(shop, "TEA-1");
    const gateway = await shop.startAnother({});
    const socket = await openAcknowledged(gateway.wsUrl, shop.customer());
    const query = "subscription { orderFeed { ... on CaughtUp { cursor } } }";
    socket.send({ type: "subscribe", id: "1", payload: { query } });
    await socket.message(({ type }) => type === "next");
    const body = {
      query: mutation("createOrder", "order"),
      variables: { input: orderOf("TEA-1") },
    };
    const underWay = post<Record<string, { order: unknown }>>(gateway.url, shop.customer(), body);
    await new Promise((resolve) => setImmediate(resolve));
    const closing = gateway.close();
    expect((await socket.closed).code).toBe(1012);
    await closing;
    const answer = await underWay.catch(() => null);
    // Either it was taken and is answered, or it never came in.
    if (answer !== null) expect(answer.data?.["createOrder"]?.order).not.toBeNull();
    await expect(fetch(gateway.url)).rejects.toThrow("fetch failed");
  });

  test("goes on serving while it leaves, says so, and sends sockets away one by one", async () => {
    const shop = await openShop();
    // Long enough to be asked something meanwhile on a busy machine.
    const gateway = await shop.startAnother({ leaveMs: 4_000 });
    const open = () => openAcknowledged(gateway.wsUrl, shop.customer());
    const sockets = await Promise.all([open(), open(), open()]);
    const closing = gateway.close();
    const ready = await fetch(new URL("/readyz", gateway.url));
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, isDraining: true }]);
    const query = "{ products { nodes { id } } }";
    expect(await post(gateway.url, shop.operator, { query })).toMatchObject({ status: 200 });
    const codes = (await Promise.all(sockets.map(({ closed }) => closed))).map(({ code }) => code);
    expect(codes).toEqual([1012, 1012, 1012]);
    await closing;
    await expect(fetch(gateway.url)).rejects.toThrow("fetch failed");
  });

  test("says that its port is taken when it starts on one", async () => {
    const shop = await openShop();
    await expect(shop.startAnother({ port: shop.port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });
});
