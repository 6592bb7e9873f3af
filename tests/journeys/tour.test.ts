import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { post } from "../support/graphql.ts";
import { program } from "../support/programs.ts";
import { eventually, testFolder } from "../support/servers.ts";
import { startStatecartProcess } from "../support/statecart-process.ts";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const example = (name: string): string => readFileSync(join(root, "docs/examples", name), "utf8");

/** `npm run watch -- <what>` in a process of its own; what it has printed so far. */
function watchProcess(what: "orders" | "events", dataDir: string): () => string {
  const child = spawn(process.execPath, [program("watch"), what], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  onTestFinished(() => void child.kill("SIGKILL"));
  return () => printed;
}

test("the README shows the examples as they are in docs/examples", () => {
  for (const name of readdirSync(join(root, "docs/examples"))) {
    if (name.endsWith(".graphql")) expect(readme).toContain(example(name));
  }
  const body = JSON.parse(example("create-order.json")) as { query: string };
  expect(body.query).toBe(example("create-order.graphql"));
});

test("the README's order arrives in both watchers, the read model and the log", async () => {
  const statecart = await startStatecartProcess();
  const orders = watchProcess("orders", statecart.dataDir);
  const events = watchProcess("events", statecart.dataDir);
  await eventually(() => orders().includes("connected") && events().includes("connected"));

  const place = async (): Promise<{ number: string; id: string }> => {
    const response = await fetch(statecart.graphql, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${statecart.tokens.customer}`,
      },
      body: example("create-order.json"),
    });
    const answer = (await response.json()) as {
      data: { createOrder: { order: { id: string; number: string }; errors: unknown[] } };
    };
    expect(answer.data.createOrder.errors).toEqual([]);
    return answer.data.createOrder.order;
  };
  const order = await place();
  expect(await place()).toEqual(order);

  await eventually(() => orders().includes(order.number));
  await eventually(() => events().includes(`.${order.id}.OrderCreated`));
  const client = await new MongoClient(statecart.mongodb).connect();
  onTestFinished(() => client.close());
  const db = client.db("statecart");
  await eventually(async () => (await db.collection("orders").countDocuments()) === 1);
  const created = { t: "order", "ev.t": "OrderCreated" };
  expect(await db.collection("events").countDocuments(created)).toBe(1);
  expect(orders().match(new RegExp(`${order.number}.* OrderCreated`, "g"))).toHaveLength(1);
});

interface Told {
  readonly order?: {
    readonly id: string;
    readonly status: string;
    readonly lines: readonly { readonly id: string }[];
    readonly returns: readonly { readonly id: string }[];
  };
  readonly errors: readonly object[];
}

test("the README's tour goes from the cart to the refund", async () => {
  const statecart = await startStatecartProcess();
  const run = async (
    who: "customer" | "operator",
    name: string,
    variables: object,
  ): Promise<Told[]> => {
    const query = example(`${name}.graphql`);
    const url = statecart.graphql;
    const answer = await post<Record<string, Told>>(url, statecart.tokens[who], {
      query,
      variables,
    });
    const told = Object.values(answer.data ?? {});
    expect(answer.errors).toBeUndefined();
    expect(told.flatMap(({ errors }) => errors)).toEqual([]);
    return told;
  };
  const last = (told: readonly Told[]) => told.at(-1)?.order;

  const order = last(await run("customer", "create-order", {}));
  expect(order).toMatchObject({ status: "PENDING", lines: [{ reserved: 2 }] });
  const ids = { orderId: order?.id, lineId: order?.lines[0]?.id };
  const paid = last(await run("customer", "pay-order", ids));
  expect(paid).toMatchObject({ status: "PROCESSING", money: { captured: { decimal: "13.80" } } });
  expect(last(await run("operator", "ship-order", ids))).toMatchObject({ status: "DELIVERED" });
  const returning = last(await run("customer", "request-return", ids));
  const returnId = returning?.returns[0]?.id;
  expect(last(await run("operator", "refund-return", { ...ids, returnId }))).toMatchObject({
    status: "PARTIALLY_RETURNED",
    money: { captured: { decimal: "13.80" }, refunded: { decimal: "6.90" } },
    refunds: [{ amount: { decimal: "6.90" }, status: "REFUNDED" }],
  });
});

test("Ctrl-C stops everything and starting again finds all data", async () => {
  const first = await startStatecartProcess();
  const query = { query: "{ products(first: 100) { nodes { sku } } }" };
  const read = async (url: string, token: string): Promise<unknown> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(query),
    });
    return ((await response.json()) as { data: unknown }).data;
  };
  const before = await read(first.graphql, first.tokens.operator);
  expect(JSON.stringify(before)).toContain("TEA-EARL-GREY");
  // As from a terminal under npm: it comes to everybody, and once more from npm.
  process.kill(first.pid, "SIGINT");
  expect(await first.interrupt()).toBe(0);
  const second = await first.restart();
  expect(await read(second.graphql, second.tokens.operator)).toEqual(before);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("what ends npm start ends Statecart", async () => {
  const dataDir = await testFolder();
  const npm = spawn("npm", ["start", "--silent", "--", "--json"], {
    cwd: root,
    env: { ...process.env, PORT: "0", DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: npm.stdout }), "line");
  const note = readFileSync(join(dataDir, "running.json"), "utf8");
  const { pid } = JSON.parse(note) as { readonly pid: number };
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  npm.kill("SIGTERM");
  await eventually(() => !isAlive(pid));
});
