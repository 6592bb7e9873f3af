import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createDemoClient, type Access, type OrderNow } from "./demo-client.ts";
import { customers } from "./demo-people.ts";
import { seeded, shuffled } from "./seeded.ts";
import { createShelf } from "./demo-shelf.ts";
import { createStage, type Stage } from "./demo-stage.ts";
import { stories, type Story } from "./demo-stories.ts";
import { developmentKeys } from "./development-keys.ts";
import { readRunning, type Running } from "./running.ts";

const usage = `Usage: npm run demo -- [--rate 1] [--pace 2000] [--orders N] [--seed N]
Keeps a shop moving until Ctrl-C: orders, payments that fail, parcels, returns, cancellations, and
products that are sold out and come again. --rate is new orders a second, --pace the time between
two steps of people in milliseconds; --orders ends it after so many. Needs the Statecart on DATA_DIR
(default .data), or elsewhere STATECART_URL (of GraphQL) and STATECART_TOKEN (an operator's, who
then acts for the customers).`;

const RATE_MAX = 1_000;
/** Stories under way; new customers wait outside while there are more. */
const STORIES_MAX = 500;

interface Options {
  readonly rate: number;
  readonly paceMs: number;
  readonly orders: number;
  readonly seed: number;
}

/** Null for arguments that mean nothing here. */
function readOptions(): Options | null {
  const number = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      options: { rate: number, pace: number, orders: number, seed: number },
    });
    const rate = Number(values.rate ?? 1);
    const paceMs = Number(values.pace ?? 2_000);
    const orders = Number(values.orders ?? Number.POSITIVE_INFINITY);
    const seed = Number(values.seed ?? Date.now());
    const isGood = rate > 0 && rate <= RATE_MAX && paceMs >= 0 && orders >= 1 && seed >= 0;
    return isGood ? { rate, paceMs, orders, seed } : null;
  } catch {
    return null;
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = (): string => new Date().toISOString().slice(11, 19);

function tell(what: string, order: OrderNow | null): void {
  say(`${clock()}  ${(order?.number ?? "").padEnd(NUMBER_WIDTH).slice(0, NUMBER_WIDTH)}  ${what}`);
}

const NUMBER_WIDTH = 9;

/** Who may speak to which gateway, looked up anew each time: a restarted one may have moved. */
function accessOf(dataDir: string): () => Access {
  const { STATECART_URL: url, STATECART_TOKEN: token } = process.env;
  if (url !== undefined && token !== undefined) {
    return () => ({ url, tokenOf: (sender) => (sender === "shop" ? token : null) });
  }
  let running: Running | null = readRunning(dataDir);
  if (running?.tokens === undefined) {
    throw new Error(`no Statecart in development mode runs on ${dataDir}; try 'npm start'`);
  }
  const keys = developmentKeys({ dataDir, issuer: "statecart", audience: "statecart" });
  const tokenOf: Access["tokenOf"] = (sender) =>
    sender === "shop" ? keys.sign("demo", "operator") : keys.sign(sender.id, "customer");
  return () => {
    running = readRunning(dataDir) ?? running;
    return { url: running?.graphql ?? "", tokenOf };
  };
}

/** Lets customers in at the rate, until there were enough of them, or one story breaks. */
async function open(stage: Stage, options: Options, signal: AbortSignal): Promise<void> {
  const random = seeded(options.seed);
  const playing = new Set<Promise<unknown>>();
  const faults: unknown[] = [];
  let deck: Story[] = [];
  for (let count = 0; count < options.orders && faults.length === 0; count += 1) {
    while (playing.size >= STORIES_MAX) await Promise.race(playing);
    if (deck.length === 0) deck = shuffled(stories, random);
    const story = deck.pop();
    const customer = customers[Math.floor(random() * customers.length)];
    if (story === undefined || customer === undefined) throw new Error("there is nobody to play");
    const played = stage.play(story, customer).catch((error: unknown) => faults.push(error));
    playing.add(played);
    void played.finally(() => playing.delete(played));
    await delay(1_000 / options.rate, undefined, { signal });
  }
  await Promise.all(playing);
  if (faults.length > 0) throw faults[0];
}

function summary(orders: readonly OrderNow[]): string {
  const counts = new Map<string, number>();
  for (const { status } of orders) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].sort().map(([status, count]) => `${String(count)} ${status}`);
  return `\n${String(orders.length)} orders: ${parts.join(", ")}`;
}

const options = readOptions();
if (options === null) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const stopped = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopped.abort());
  const { signal } = stopped;
  let stage: Stage | null = null;
  try {
    const access = accessOf(process.env["DATA_DIR"] ?? ".data");
    const client = createDemoClient({ access, signal, say });
    const random = seeded(options.seed + 1);
    const shelf = createShelf(client, random);
    await shelf.fill();
    say(`The shop is open (seed ${String(options.seed)}); Ctrl-C closes it.`);
    stage = createStage({ client, shelf, signal, random, tell, paceMs: options.paceMs });
    await open(stage, options, signal);
  } catch (error) {
    if (!signal.aborted) {
      console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
  if (stage !== null) say(summary(stage.orders()));
}
