import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { askUntilAnswered } from "../../cli/graphql-request.ts";
import { program } from "../support/programs.ts";
import { eventually, testFolder } from "../support/servers.ts";
import { startStatecartProcess, type StatecartProcess } from "../support/statecart-process.ts";

const root = join(import.meta.dirname, "../..");

interface Demo {
  readonly child: ChildProcess;
  /** Everything it has said so far, faults included. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/** `npm run demo` in a process of its own. */
function demo(env: Readonly<Record<string, string>>, args: readonly string[]): Demo {
  const child = spawn(process.execPath, [program("demo"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  }
  const ended = once(child, "close").then(([code]: unknown[]) => code as number | null);
  return { child, said: () => said, ended };
}

interface Left {
  readonly orders: {
    readonly totalCount: number;
    readonly nodes: readonly { status: string; isSettled: boolean; customerId: string }[];
  };
  readonly products: {
    readonly nodes: readonly { sku: string; stock: { available: number; onHand: number } }[];
  };
}

function left({ graphql: url, tokens }: StatecartProcess): Promise<Left> {
  const query = `{ orders(first: 100) { totalCount nodes { status isSettled customerId } }
    products(first: 10) { nodes { sku stock { available onHand } } } }`;
  return askUntilAnswered<Left>(() => ({ url, token: tokens.operator, query }), {});
}

describe("the demonstration", () => {
  test("tells every story, within the limits, while the gateway dies and comes back", async () => {
    const statecart = await startStatecartProcess({
      env: {
        STATECART_SEED: "false",
        STATECART_REQUESTS_PER_ADDRESS: "20",
        STATECART_COMMAND_DEADLINE_MS: "60000",
      },
    });
    const { dataDir } = statecart;
    const args = ["--orders", "20", "--rate", "10", "--pace", "100", "--seed", "7"];
    const { said, ended } = demo({ DATA_DIR: dataDir }, args);
    await eventually(() => said().includes("is paid"));
    await statecart.kill();
    await eventually(() => said().includes("does not answer"));
    const back = await statecart.restart();
    expect(await ended, said()).toBe(0);
    expect(said()).toContain("the gateway is back");

    const { orders, products } = await left(back);
    expect(said()).toContain(`\n${String(orders.totalCount)} orders: `);
    expect(orders.totalCount).toBeGreaterThanOrEqual(20);
    expect(orders.nodes.filter(({ isSettled }) => !isSettled)).toEqual([]);
    const statuses = orders.nodes.map(({ status }) => status);
    expect(statuses).toEqual(
      expect.arrayContaining(["PENDING", "SHIPPED", "DELIVERED", "CANCELLED", "REJECTED"]),
    );
    expect(statuses.filter((status) => /RETURNED|REFUNDED/.test(status))).not.toEqual([]);
    for (const line of ["is not paid", "in part", "is held", "may come back", "is not taken"]) {
      expect(said()).toContain(line);
    }
    expect(said()).toMatch(/told INSUFFICIENT_STOCK of [\s\S]* new units of /);
    const buyers = new Set(orders.nodes.map(({ customerId }) => customerId));
    expect(buyers.size).toBeGreaterThan(3);
    expect([...buyers].filter((buyer) => !buyer.startsWith("demo-"))).toEqual([]);
    expect(products.nodes).toHaveLength(4);
    expect(products.nodes.filter(({ stock }) => stock.available < 0)).toEqual([]);
  });

  test("goes on until Ctrl-C, and then says what there was", async () => {
    const { dataDir } = await startStatecartProcess();
    const { child, said, ended } = demo({ DATA_DIR: dataDir }, ["--pace", "100"]);
    await eventually(() => said().includes("is paid"));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(said()).toMatch(/\n\d+ orders?: \d+ [A-Z]+/);
  });

  test("says what it needs", async () => {
    const DATA_DIR = await testFolder();
    const nowhere = demo({ DATA_DIR }, []);
    expect(await nowhere.ended).toBe(1);
    expect(nowhere.said()).toContain("no Statecart in development mode runs on");
    for (const args of [
      ["--rate", "0"],
      ["--rate", "fast"],
      ["--days", "3"],
    ]) {
      const { ended, said } = demo({ DATA_DIR }, args);
      expect(await ended).toBe(2);
      expect(said()).toContain("Usage: npm run demo");
    }
  });
});
