import { setTimeout as pause } from "node:timers/promises";
import { readRunning, type Running } from "./running.ts";
import { watchEvents } from "./watch-events.ts";
import { watchOrders } from "./watch-orders.ts";

const usage = `Usage: npm run watch -- orders | events
  orders   every order event, by a graphql-ws subscription that resumes by cursor
  events   every event, as a subscriber of the NATS JetStream stream EVT
Reads where Statecart runs from DATA_DIR (default .data); start it with 'npm start'.`;

const watchers = { orders: watchOrders, events: watchEvents };
const what = process.argv[2];

if (what === undefined || !Object.hasOwn(watchers, what) || process.argv.length > 3) {
  console.error(usage);
  process.exitCode = 2;
} else {
  // Nothing here needs an orderly end: Ctrl-C simply ends the process.
  await watchers[what as keyof typeof watchers]({
    locate: locator(process.env["DATA_DIR"] ?? ".data"),
    print: (line) => console.log(line),
  }).catch((error: unknown) => {
    console.error(`watch: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}

/** Waits until a Statecart has left its note in the data folder; says so once. */
function locator(dataDir: string): () => Promise<Running> {
  let hasSaid = false;
  return async () => {
    for (;;) {
      const running = readRunning(dataDir);
      if (running !== null) return running;
      if (!hasSaid) console.log(`-- waiting for Statecart in ${dataDir} (npm start)`);
      hasSaid = true;
      await pause(250);
    }
  };
}
