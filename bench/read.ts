import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { z } from "zod";
import { runClients } from "./client-process.ts";
import { ORDERS_A_DAY } from "./fill-orders.ts";
import { createGraphqlClient, type GraphqlClient } from "./graphql-request.ts";
import { readsOf, timeRaw } from "./raw-reads.ts";
import { openReadStore, type ReadStore } from "./read-store.ts";
import { readQuestions, type ReadQuestion } from "./read-questions.ts";
import { readTable, type ReadColumn, type Rebuilt } from "./read-table.ts";
import { machineLine } from "./report.ts";
import { startOnStore } from "./start-on-store.ts";
import type { System } from "./system.ts";

/**
 * `npm run bench -- read`: how long does every list and report take with 10,000 orders and with a
 * million, beside the same reads by the driver alone? And how many events a second does a rebuild
 * fold, beside reading them? What grows is the history: there are as many orders a day in both.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    /** How many orders; commas between several. */
    at: { type: "string", default: "10000,1000000" },
  },
});
/** Generous: a busy machine is no fault. On two quiet cores it takes a quarter of an hour. */
const TIME_MAX_MS = 3 * 3_600_000;
const ASKED = { warmUps: 2, durationMs: 500, timesMin: 10 } as const;
/** Of so many orders all have their events in the log, of the others one in so many. */
const WITH_HISTORY = 10_000;
const HISTORY_OF = 20;

const answer = z.object({
  figures: z.array(
    z.object({ firstMs: z.number(), p50Ms: z.number(), p99Ms: z.number(), times: z.number() }),
  ),
});

const machine = machineLine();
const signal = AbortSignal.timeout(TIME_MAX_MS);
const say = (line: string): void => {
  console.error(line);
};
const store = await openReadStore(say);
try {
  const columns: ReadColumn[] = [];
  let rebuilt: Rebuilt | null = null;
  let filled = 0;
  for (const orders of options.at.split(",").map(Number)) {
    const orderId = await fill(filled, orders);
    filled = orders;
    const system = await startOnStore(store, { report: say, signal });
    try {
      columns.push(await measured(system, { orders, orderId }));
      say(`bench: asked everything of ${orders.toLocaleString("en")} orders`);
      rebuilt ??= await rebuildBeside(store);
    } finally {
      await system.close();
    }
  }
  const report = { machine, ordersADay: ORDERS_A_DAY, columns, rebuilt };
  console.log(options.json ? JSON.stringify(report) : readTable(report));
} finally {
  await store.close();
}

/** Stores orders until there are so many; resolves with the id of one that has events. */
async function fill(from: number, to: number): Promise<string> {
  const started = performance.now();
  const whole = Math.min(to, WITH_HISTORY);
  let ids: readonly string[] = [];
  if (from < whole) ids = await store.fill({ from, to: whole, historyOf: 1 });
  if (whole < to)
    ids = await store.fill({ from: Math.max(from, whole), to, historyOf: HISTORY_OF });
  await store.settle();
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  say(`bench: ${to.toLocaleString("en")} orders are stored, after ${seconds} s`);
  return ids.at(-1) ?? "";
}

async function measured(
  system: System,
  { orders, orderId }: { readonly orders: number; readonly orderId: string },
): Promise<ReadColumn> {
  const token = system.sign("bench");
  const asking = createGraphqlClient(system.url, token);
  const found = await asking.send("query ($id: UUID!) { order(id: $id) { number } }", {
    id: orderId,
  });
  const { number } = z.object({ number: z.string() }).parse(found["order"]);
  const questions = readQuestions({ orderId, orderNumber: number, now: Date.now() });
  const program = new URL("./read-clients.ts", import.meta.url);
  const input = { url: system.url, token, questions, ...ASKED };
  const { figures } = answer.parse(await runClients({ program, input, signal }));
  const rows: ReadColumn["rows"][number][] = [];
  for (const [index, question] of questions.entries()) {
    const ours = figures[index];
    if (ours === undefined) throw new Error(`${question.name} was not answered`);
    rows.push({ name: question.name, ours, raw: await rawOf(system, asking, question) });
  }
  asking.close();
  return { orders, rows };
}

async function rawOf(
  { db }: System,
  asking: GraphqlClient,
  { query, variables }: ReadQuestion,
): Promise<ReadColumn["rows"][number]["raw"]> {
  const reads = await readsOf(db, () => asking.send(query, variables));
  return { reads: reads.length, ...(await timeRaw(db, reads, ASKED)) };
}

/** Rebuilds the orders as an operator would, while they serve, and reads the same events alone. */
async function rebuildBeside({ db, url, database, dataDir }: ReadStore): Promise<Rebuilt> {
  const program = fileURLToPath(new URL("../cli/rebuild.ts", import.meta.url));
  const env = { ...process.env, MONGODB_URL: url, MONGODB_DATABASE: database, DATA_DIR: dataDir };
  const run = promisify(execFile)(process.execPath, [...process.execArgv, program, "orders"], {
    env,
    signal,
  });
  const { stdout } = await run;
  const [, entities, events, perSecond] =
    /serving, 100 %, (\d+) entities, (\d+) events, (\d+) events\/s/.exec(stdout) ?? [];
  const started = performance.now();
  let count = 0;
  const stored = db.collection("events").find({ t: "order" }, { hint: { s: 1, v: 1 } });
  for await (const { n } of stored.batchSize(2_000)) count += Number(n);
  const rawPerSecond = (count * 1_000) / (performance.now() - started);
  const figures = { entities: Number(entities), events: Number(events) };
  return { ...figures, perSecond: Number(perSecond), rawPerSecond };
}
