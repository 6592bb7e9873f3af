import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { watch } from "../support/graphql.ts";
import { samplesIn } from "../support/samples.ts";
import { eventually } from "../support/servers.ts";
import { startStatecartHere, type StatecartHere } from "../support/statecart-here.ts";
import { paid, peopleAt, type People } from "./domain.ts";

let statecart: StatecartHere;
let shop: People;

beforeAll(async () => {
  statecart = await startStatecartHere();
  shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
});

const page = async (): Promise<string> =>
  (await fetch(new URL("/metrics", statecart.running.graphql))).text();

describe("/metrics", () => {
  test("agrees with what was done and with the system query", async () => {
    const feed = watch<string>({
      url: statecart.running.ws,
      token: statecart.token("operator"),
      query:
        "subscription { orderFeed { __typename ... on OrderEvent { cursor event { type } } " +
        "... on CaughtUp { cursor } ... on Reset { cursor } } }",
      pick: (data) => {
        const item = data["orderFeed"] as { __typename: string; cursor: string };
        return { item: item.__typename, cursor: item.cursor };
      },
    });
    await eventually(() => feed.items.length > 0);
    await paid(shop);
    await eventually(() => feed.items.filter((name) => name === "OrderEvent").length >= 5);
    const refused = await shop.send("customer", "shipOrder", { orderId: crypto.randomUUID() });
    expect(refused.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    const events = await statecart.database.db
      .collection("events")
      .aggregate<{ readonly count: number }>([{ $group: { _id: null, count: { $sum: "$n" } } }])
      .next();
    await eventually(async () => {
      const samples = samplesIn(await page());
      return samples.get("statecart_events_published_total") === events?.count;
    });

    const samples = samplesIn(await page());
    const sum = (prefix: string): number =>
      [...samples].reduce((total, [name, n]) => (name.startsWith(prefix) ? total + n : total), 0);
    expect(sum("statecart_events_total{")).toBe(events?.count);
    expect(samples.get('statecart_events_total{event="OrderCreated"}')).toBe(1);
    const created = 'statecart_commands_total{command="CreateOrder",outcome="accepted",code=""}';
    expect(samples.get(created)).toBe(1);
    expect(sum("statecart_commands_total{")).toBe(
      samples.get("statecart_command_duration_seconds_count"),
    );
    const mutation = 'statecart_operations_total{type="mutation",field="shipOrder"';
    expect(samples.get(`${mutation},outcome="FORBIDDEN"}`)).toBe(1);
    expect(samples.get("statecart_sockets")).toBe(1);
    expect(samples.get("statecart_subscriptions")).toBe(1);
    expect(samples.get("statecart_live_messages_total")).toBeGreaterThanOrEqual(feed.items.length);
    expect(sum("statecart_live_delay_seconds_count")).toBeGreaterThan(0);
    for (const projection of ["orders", "products"]) {
      expect(samples.has(`statecart_projection_lag_seconds{projection="${projection}"}`)).toBe(
        true,
      );
      expect(samples.get(`statecart_dead_letters{projection="${projection}"}`)).toBe(0);
    }
    for (const name of ["ready", "mongodb_up", "jetstream_up", "reactor_active"]) {
      expect([name, samples.get(`statecart_${name}`)]).toEqual([name, 1]);
    }
    expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(0);

    const query = "{ system { relay { published lastSequence } timers { fired } } }";
    const { system } = await shop.ask<{
      system: { relay: { published: number; lastSequence: number }; timers: { fired: number } };
    }>("operator", query, {});
    expect(system).toEqual({
      relay: {
        published: samples.get("statecart_events_published_total"),
        lastSequence: samples.get("statecart_stream_last_sequence"),
      },
      timers: { fired: samples.get("statecart_timers_fired_total") },
    });
  });

  test("has exactly what docs/operations.md explains", async () => {
    const names = (text: string, pattern: RegExp): string[] =>
      [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ""))].toSorted();
    const docs = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    expect(names(await page(), /^# HELP (statecart_\w+)/gm)).toEqual(
      names(docs, /`(statecart_\w+)(?:\{\w+(?:, \w+)*\})?`/g),
    );
  });
});
