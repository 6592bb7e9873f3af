import { chromium as engine, type Browser } from "playwright-core";
import { chromium } from "../cli/chromium.ts";
import { consoleBuild } from "../cli/console-build.ts";
import { openReadStore } from "./read-store.ts";
import { startOnStore } from "./start-on-store.ts";
import type { System } from "./system.ts";

/** One order in so many has its events in the log: pages of lists read rows. */
const HISTORY_OF = 50;
/** How many of a day's orders are left out: those of the last five hours are placed live. */
const YOUNGEST = 200;

/** A shop with a history, and a browser to look at it through the console. */
export interface ConsoleShop {
  readonly system: System;
  readonly browser: Browser;
  /** The address of a page, such as `board`. */
  readonly address: (path: string) => string;
  /** Stops everything and removes its data. */
  close(): Promise<void>;
}

interface OpenOptions {
  /** How many orders there are, a thousand a day. */
  readonly orders: number;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Opens it; throws a sentence for a person when there is no Chromium or no console. */
export async function openConsoleShop(options: OpenOptions): Promise<ConsoleShop> {
  const { orders, report, signal } = options;
  if (chromium === null) throw new Error("there is no Chromium on PATH, nor in CHROMIUM_BIN");
  const fault = await consoleBuild(report);
  if (fault !== null) throw new Error(`the console is not built: ${fault}`);
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const store = await openReadStore(report);
    closing.push(() => store.close());
    await store.fill({ from: YOUNGEST, to: YOUNGEST + orders, historyOf: HISTORY_OF });
    await store.settle();
    report(`bench: ${String(orders)} orders are stored`);
    const system = await startOnStore(store, { report, signal });
    closing.push(() => system.close());
    const browser = await engine.launch({
      executablePath: chromium,
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
    closing.push(() => browser.close());
    const base = new URL(system.url).origin;
    return { system, browser, address: (path) => `${base}/console/${path}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
