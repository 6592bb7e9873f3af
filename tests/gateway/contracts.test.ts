import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventContracts } from "../../gateway/events/event-contract.ts";
import { aggregates } from "../../machines/index.ts";
import { eventually } from "../support/servers.ts";
import { connectTo } from "../log/nats-rig.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

const events = Object.entries(aggregates).flatMap(([aggregate, definition]) =>
  Object.entries(definition.events).map(
    ([name, { schemaVersion }]) => `statecart.${aggregate}.${name}.v${String(schemaVersion)}`,
  ),
);

describe("the contracts of the stream", () => {
  test("have a schema and a message for every event in its present version", () => {
    const { asyncapi, schemas } = eventContracts();
    expect([...schemas.keys()].toSorted()).toEqual(events.toSorted());
    const { components, channels } = asyncapi as {
      components: { messages: object };
      channels: Record<string, { messages: Record<string, { $ref: string }> }>;
    };
    expect(Object.keys(components.messages).toSorted()).toEqual(events.toSorted());
    const refs = Object.values(channels).flatMap(({ messages }) => Object.values(messages));
    const named = refs.map(({ $ref }) => $ref.replace("#/components/messages/", ""));
    expect(named.toSorted()).toEqual(events.toSorted());
  });
});

describe("the gateway", () => {
  let shop: Shop;
  let base: string;

  beforeAll(async () => {
    shop = await openShop();
    base = new URL(shop.url).origin;
  });

  test("serves schemas that the messages on the stream keep to", async () => {
    await sell(shop, "CONTRACT-1");
    await run(shop, shop.customer(), ["createOrder", "order", orderOf("CONTRACT-1")]);
    const nats = await connectTo(shop.nats.url);
    const manager = await nats.jetstreamManager();
    const stored = async () => (await manager.streams.info("EVT")).state.messages;
    await eventually(async () => (await stored()) >= 3);
    for (let seq = 1; seq <= (await stored()); seq += 1) {
      const message = (await manager.streams.getMessage("EVT", { seq })).json<{ type: string }>();
      const response = await fetch(`${base}/schemas/${message.type}.json`);
      expect([message.type, response.status]).toEqual([message.type, 200]);
      const schema = z.fromJSONSchema((await response.json()) as never);
      expect(schema.safeParse(message).error).toBeUndefined();
      expect(schema.safeParse({ ...message, type: "statecart.order.Other.v1" }).success).toBe(
        false,
      );
    }
  });

  test("serves the AsyncAPI document in development, and nothing under other names", async () => {
    const response = await fetch(`${base}/asyncapi.json`);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toMatchObject({ asyncapi: "3.0.0" });
    expect((await fetch(`${base}/schemas/constructor.json`)).status).toBe(404);
    expect((await fetch(`${base}/asyncapi.json`, { method: "POST" })).status).toBe(405);
  });

  test("shows them to operators and services only in production", async () => {
    const production = await shop.startAnother({ development: null });
    const statusFor = async (token: string | null): Promise<number> => {
      const headers = token === null ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(`${new URL(production.url).origin}/asyncapi.json`, { headers })).status;
    };
    expect(await statusFor(null)).toBe(401);
    expect(await statusFor("nonsense")).toBe(401);
    expect(await statusFor(shop.customer())).toBe(403);
    expect(await statusFor(shop.operator)).toBe(200);
  });
});
