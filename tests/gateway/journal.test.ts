import { Writable } from "node:stream";
import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../support/graphql.ts";
import { samplesIn } from "../support/samples.ts";
import { eventually } from "../support/servers.ts";
import { mutation, openShop, orderOf, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";

type Line = Readonly<Record<string, unknown>>;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  await sell(shop, "LOGGED-1");
});

/** A gateway whose log is kept. */
async function logged(changes: Parameters<Shop["startAnother"]>[0] = {}) {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString("utf8"));
      done();
    },
  });
  const logger = pino({ level: "info", base: null }, destination);
  const gateway = await shop.startAnother({ logger, operationLogLevel: "info", ...changes });
  const text = (): string => chunks.join("");
  const lines = (): Line[] =>
    text()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line)
      .filter(({ msg }) => msg === "operation");
  return { ...gateway, text, lines };
}

describe("the log", () => {
  test("has a line for each operation, which says what and how and nothing personal", async () => {
    const { url, text, lines } = await logged();
    const ada = shop.customer("ada.lovelace@example.com");
    const query = `${mutation("createOrder", "order")} query Mine { orders { totalCount } }`;
    const headers = { "content-type": "application/json", authorization: `Bearer ${ada}` };
    const variables = { input: orderOf("LOGGED-1") };
    const named = async (operationName: string, correlationId: string): Promise<void> => {
      const body = JSON.stringify({ query, operationName, variables });
      await fetch(url, {
        method: "POST",
        headers: { ...headers, "x-correlation-id": correlationId },
        body,
      });
    };
    await named("Run", "first");
    await named("Mine", "second");
    const common = {
      level: 30,
      scope: "customer",
      subject: expect.stringMatching(/^[\w-]{16}$/),
      document: expect.stringMatching(/^[\w-]{43}$/),
      durationMs: expect.any(Number),
      outcome: "OK",
    };
    expect(lines()).toMatchObject([
      { ...common, type: "mutation", field: "createOrder", name: "Run", correlationId: "first" },
      { ...common, type: "query", field: "orders", name: "Mine", correlationId: "second" },
    ]);
    const [one, two] = lines();
    expect(one?.["subject"]).toBe(two?.["subject"]);
    for (const secret of ["Lovelace", "example.com", "LOGGED-1", "St James", ada]) {
      expect(text().includes(secret), secret).toBe(false);
    }
  });

  test("says by which code an operation failed or its command was refused", async () => {
    const { url, lines } = await logged();
    const token = shop.customer();
    await post(url, token, { query: "{ nothing }" });
    await post(url, token, { query: "{ system { isReady } }" });
    await post(url, token, { query: '{ orderByNumber(number: "1") { id } }' });
    const input = orderOf("LOGGED-1", { currency: "USD" });
    await post(url, token, { query: mutation("createOrder", "order"), variables: { input } });
    expect(lines().map(({ type, field, outcome }) => [type, field, outcome])).toEqual([
      ["none", "none", "GRAPHQL_VALIDATION_FAILED"],
      ["query", "system", "FORBIDDEN"],
      ["query", "orderByNumber", "OK"],
      ["mutation", "createOrder", "CURRENCY_MISMATCH"],
    ]);
  });

  test("has a line for a subscription once it has ended", async () => {
    const { wsUrl, lines } = await logged();
    const socket = await openAcknowledged(wsUrl, shop.customer());
    const query = "subscription Watch { orderFeed { __typename } }";
    socket.send({ type: "subscribe", id: "1", payload: { query, operationName: "Watch" } });
    await socket.message(({ type }) => type === "next");
    const unseen = `subscription { orderEvents(id: "${crypto.randomUUID()}") { __typename } }`;
    socket.send({ type: "subscribe", id: "2", payload: { query: unseen } });
    await socket.message(({ id, type }) => id === "2" && type === "complete");
    expect(lines().map(({ field, outcome }) => [field, outcome])).toEqual([
      ["orderEvents", "NOT_FOUND"],
    ]);
    socket.send({ type: "complete", id: "1" });
    await eventually(() => lines().length === 2);
    expect(lines()[1]).toMatchObject({ name: "Watch", type: "subscription", outcome: "OK" });
  });

  test("has no such line below its level", async () => {
    const { url, text } = await logged({ operationLogLevel: "debug" });
    await post(url, shop.customer(), { query: "{ orders { totalCount } }" });
    expect(text()).toBe("");
  });
});

describe("the page of metrics", () => {
  const statusFor = async (url: string, authorization?: string, method = "GET") => {
    const headers = authorization === undefined ? {} : { authorization };
    return (await fetch(new URL("/metrics", url), { method, headers })).status;
  };

  test("is for operators, services and who has its token, and in development for all", async () => {
    const metricsToken = "m".repeat(40);
    const { url } = await shop.startAnother({ development: null, metricsToken });
    expect(await statusFor(url)).toBe(401);
    expect(await statusFor(url, "Bearer nonsense")).toBe(401);
    expect(await statusFor(url, `Bearer ${metricsToken.slice(1)}`)).toBe(401);
    expect(await statusFor(url, `Bearer ${shop.customer()}`)).toBe(403);
    expect(await statusFor(url, `Bearer ${shop.operator}`)).toBe(200);
    expect(await statusFor(url, `Bearer ${metricsToken}`)).toBe(200);
    expect(await statusFor(url, `Bearer ${metricsToken}`, "POST")).toBe(405);
    expect(await statusFor(shop.url)).toBe(200);
    const without = await shop.startAnother({ development: null });
    expect(await statusFor(without.url, "Bearer ")).toBe(401);
  });

  test("counts operations by field and outcome, requests, and what was too much", async () => {
    const { UNLIMITED } = await import("../../gateway/traffic/traffic.ts");
    const limits = { ...UNLIMITED, requestsPerCustomer: 0.2 };
    const { url } = await shop.startAnother({ trafficLimits: limits });
    const query = "{ orders { totalCount } }";
    for (let index = 0; index < 3; index += 1) await post(url, shop.customer("greedy"), { query });
    const page = await (await fetch(new URL("/metrics", url))).text();
    const samples = samplesIn(page);
    const operations = (outcome: string): number | undefined =>
      samples.get(`statecart_operations_total{type="query",field="orders",outcome="${outcome}"}`);
    expect(operations("OK")).toBe(2);
    expect(operations("RATE_LIMITED")).toBe(1);
    expect(samples.get('statecart_operation_duration_seconds_count{field="orders"}')).toBe(3);
    expect(samples.get('statecart_rate_limited_total{limit="requests"}')).toBe(1);
    const http = 'statecart_http_request_duration_seconds_count{route="/graphql",status=';
    expect([samples.get(`${http}"200"}`), samples.get(`${http}"429"}`)]).toEqual([2, 1]);
  });
});
