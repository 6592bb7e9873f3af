import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { EndedOrder } from "../../cli/demo-buyer.ts";
import { alwaysFindings, oneUnitFindings } from "../../cli/demo-invariants.ts";
import type { Round, Stock } from "../../cli/demo-rounds.ts";
import { program } from "../support/programs.ts";
import { disposeLater } from "../support/servers.ts";
import { startStatecartProcess } from "../support/statecart-process.ts";

const root = join(import.meta.dirname, "../..");

async function demo(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, [program("demo-oversell"), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  disposeLater(() => {
    child.kill("SIGKILL");
    return Promise.resolve();
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, printed };
}

describe("npm run demo:oversell", () => {
  test("lets two hundred buyers in at once and every promise is kept", async () => {
    const { exitCode, printed } = await demo([]);
    expect(printed).not.toContain("BROKEN");
    expect(printed).toContain("exactly one order is confirmed: 1\n");
    expect(printed).toContain("INSUFFICIENT_STOCK: 199 of 199\n");
    expect(exitCode).toBe(0);
  });

  test("takes a Statecart that is running", async () => {
    const { dataDir } = await startStatecartProcess();
    const { exitCode, printed } = await demo(["--running", "--buyers", "5"], { DATA_DIR: dataDir });
    expect(printed).not.toContain("BROKEN");
    expect(exitCode).toBe(0);
  });

  test("says how it is used", async () => {
    expect((await demo(["--buyers", "none"])).exitCode).toBe(2);
  });
});

describe("the demo notices", () => {
  const none = { minor: 0 };
  const money = {
    authorised: none,
    voided: none,
    captured: none,
    refunded: none,
    refundPending: none,
  };
  const sold: EndedOrder = {
    id: "sold",
    status: "PROCESSING",
    isSettled: true,
    rejection: null,
    total: { minor: 100 },
    lines: [{ id: "line", sku: "A", quantity: 1, ordered: 1 }],
    payment: { attempt: { id: "attempt" } },
    money: { ...money, authorised: { minor: 100 }, captured: { minor: 100 } },
  };
  const lost: EndedOrder = {
    ...sold,
    id: "lost",
    status: "REJECTED",
    rejection: { code: "INSUFFICIENT_STOCK", sku: "A" },
    payment: { attempt: null },
    money,
  };
  const stock: Stock = {
    onHand: 1,
    reserved: 0,
    committed: 1,
    available: 0,
    reservationCount: 1,
    reservations: [{ orderId: "sold" }],
  };
  const books = { key: "attempt", currency: "EUR", authorised: 100, voided: 0, refunded: 0 };

  /** The invariants that a round breaks. */
  async function broken(
    orders: readonly EndedOrder[],
    changes: Partial<Stock> = {},
    entry = { ...books, captured: 100, held: 0 },
  ): Promise<string[]> {
    const told = ["INSUFFICIENT_STOCK"];
    const purchases = orders.map((order) => ({ order, isAwaited: true, told }));
    const stocks = new Map([["A", { ...stock, ...changes }]]);
    const round: Round = { purchases, stocks, durationMs: 1 };
    const ledger = { of: () => Promise.resolve(entry) };
    const findings = [...oneUnitFindings(round), ...(await alwaysFindings({ ledger }, round))];
    return findings.filter(({ holds }) => !holds).map(({ invariant }) => invariant);
  }

  test.each<[string, string, Parameters<typeof broken>]>([
    ["a second sale", "exactly one order is confirmed", [[sold, { ...sold, id: "again" }]]],
    ["an oversold product", "no product is oversold", [[sold, { ...sold, id: "again" }]]],
    ["an order that is stuck", "every order came to its end", [[sold, { ...lost, status: "X" }]]],
    [
      "a rejection for another reason",
      "every other order is rejected with INSUFFICIENT_STOCK",
      [[sold, { ...lost, rejection: null }]],
    ],
    [
      "an orphan",
      "no reservation is without its order",
      [[sold, lost], { reservationCount: 2, reservations: [{ orderId: "x" }] }],
    ],
    [
      "stock that is kept back",
      "the products' books are the orders' books",
      [[sold, lost], { reserved: 1 }],
    ],
    [
      "money held for nothing",
      "no money is held for a rejected order",
      [[sold, { ...lost, money: { ...money, authorised: { minor: 1 } } }]],
    ],
    [
      "a provider that took more",
      "the payment provider's books say the same",
      [[sold, lost], {}, { ...books, captured: 101, held: 0 }],
    ],
  ])("%s", async (_what, invariant, round) => {
    expect(await broken([sold, lost])).toEqual([]);
    expect(await broken(...round)).toContain(invariant);
  });
});
