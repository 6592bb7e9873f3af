import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { placeMovingOrders } from "./console-events.ts";
import { openConsoleShop, type ConsoleShop } from "./console-shop.ts";
import { visitBoard, type FirstVisit } from "./console-visit.ts";
import { median } from "./measure.ts";
import { machineLine } from "./report.ts";

/**
 * `npm run bench -- console`: how much must be fetched for a first visit of the console, after how
 * long can it be used, and how long does the board keep the browser busy at a time, with 10,000
 * orders and 100 events a second? The browser shares the cores with all of Statecart.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    orders: { type: "string", default: "10000" },
    /** Events a second. */
    rate: { type: "string", default: "100" },
    seconds: { type: "string", default: "20" },
  },
});
const TIME_MAX_MS = 300_000;
const VISITS = 5;
const MOVING_ORDERS = 60;
const SETTLE_MS = 2_000;
const GOALS = { bytes: 300_000, usableMs: 2_000, taskMs: 100 } as const;

const machine = machineLine();
const signal = AbortSignal.timeout(TIME_MAX_MS);
const say = (line: string): void => {
  console.error(line);
};
// Opening a store and a browser cannot be aborted half-way; this ends whatever is under way.
const late = setTimeout(() => {
  say("bench: five minutes are over");
  process.exit(1);
}, TIME_MAX_MS);
const shop = await openConsoleShop({ orders: Number(options.orders), report: say, signal });
try {
  const moving = await placeMovingOrders(shop.system, MOVING_ORDERS);
  const visits = await firstVisits(shop);
  const busy = await busyBoard(shop, moving);
  moving.close();
  const report = { machine, visits, ...busy };
  console.log(options.json ? JSON.stringify(report) : tableOf(report));
} finally {
  await shop.close();
  clearTimeout(late);
}

async function firstVisits({ browser, address }: ConsoleShop): Promise<readonly FirstVisit[]> {
  const visits: FirstVisit[] = [];
  for (let visit = 0; visit < VISITS; visit += 1) {
    const { consoleBytes, dataBytes, usableMs, close } = await visitBoard(
      browser,
      address("board"),
    );
    visits.push({ consoleBytes, dataBytes, usableMs });
    await close();
  }
  say(`bench: ${String(VISITS)} first visits: done`);
  return visits;
}

interface Busy {
  readonly cards: number;
  readonly eventsPerSecond: number;
  /** Only those above 50 ms. */
  readonly longTasksMs: readonly number[];
}

async function busyBoard(
  { browser, address }: ConsoleShop,
  moving: Awaited<ReturnType<typeof placeMovingOrders>>,
): Promise<Busy> {
  const board = await visitBoard(browser, address("board"));
  await pause(SETTLE_MS, undefined, { signal });
  await board.forgetTasks();
  const startedAt = performance.now();
  const events = await moving.move(Number(options.rate), Number(options.seconds) * 1_000);
  const eventsPerSecond = (events * 1_000) / (performance.now() - startedAt);
  const [longTasksMs, cards] = [await board.longTasks(), await board.cards()];
  await board.close();
  say(`bench: ${String(events)} events on the board: done`);
  return { cards, eventsPerSecond, longTasksMs };
}

interface Report extends Busy {
  readonly machine: string;
  readonly visits: readonly FirstVisit[];
}

function tableOf({ machine: on, visits, cards, eventsPerSecond, longTasksMs }: Report): string {
  const consoleBytes = Math.max(...visits.map((visit) => visit.consoleBytes));
  const dataBytes = Math.max(...visits.map((visit) => visit.dataBytes));
  const usable = visits.map(({ usableMs }) => usableMs);
  const longest = Math.max(0, ...longTasksMs);
  const number = (value: number): string => Math.round(value).toLocaleString("en");
  const verdict = (isMet: boolean): string => (isMet ? "met" : "missed");
  return [
    on,
    "",
    `first visit, compressed   ${number(consoleBytes)} bytes of the console, ` +
      `${number(dataBytes)} of data; goal < ${number(GOALS.bytes)} together: ` +
      verdict(consoleBytes + dataBytes < GOALS.bytes),
    `usable after              ${number(median(usable))} ms (${usable.map(number).join(", ")}); ` +
      `goal < ${number(GOALS.usableMs)}: ${verdict(median(usable) < GOALS.usableMs)}`,
    `longest task of the board ${longest === 0 ? "below 50" : number(longest)} ms; ` +
      `goal < ${String(GOALS.taskMs)}: ${verdict(longest < GOALS.taskMs)}`,
    "",
    `The board: ${number(Number(options.orders) + MOVING_ORDERS)} orders, ${number(cards)} cards ` +
      `on the page, ${eventsPerSecond.toFixed(1)} events/s for ${options.seconds} s, ` +
      `${String(longTasksMs.length)} tasks above 50 ms.`,
    "",
  ].join("\n");
}
