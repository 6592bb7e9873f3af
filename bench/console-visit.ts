import type { Browser, Page } from "playwright-core";

/** What a browser had to fetch for a first visit, in bytes as they came over the wire. */
export interface FirstVisit {
  /** The page, its scripts, styles and pictures. */
  readonly consoleBytes: number;
  /** Answers of GraphQL over HTTP. */
  readonly dataBytes: number;
  /** From going to the address until cards are shown and live. */
  readonly usableMs: number;
}

/** A page of the board that is live, with the tasks that it had to do. */
export interface LiveBoard extends FirstVisit {
  /** Forgets the tasks so far. */
  readonly forgetTasks: () => Promise<void>;
  /** Those above 50 ms since then, ms; shorter ones are not told by the browser. */
  readonly longTasks: () => Promise<readonly number[]>;
  /** How many cards the page has. */
  readonly cards: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Runs in the page before anything else there. */
const watchTasks = `
  window.benchTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.benchTasks.push(duration);
  }).observe({ type: "longtask" });
`;

/** Opens the board as somebody who was never there before. */
export async function visitBoard(browser: Browser, address: string): Promise<LiveBoard> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchTasks);
  const fetched = await countBytes(page);
  await page.goto(address);
  await page.locator("[data-order]").first().waitFor();
  await page.locator("[data-freshness=live]").waitFor();
  const usableMs = await page.evaluate<number>("performance.now()");
  await page.waitForLoadState("networkidle");
  return {
    ...fetched(),
    usableMs,
    forgetTasks: () => page.evaluate("void (window.benchTasks.length = 0)"),
    longTasks: () => page.evaluate<number[]>("window.benchTasks"),
    cards: () => page.locator("[data-order]").count(),
    close: () => context.close(),
  };
}

/** Counts what comes over the wire, headers included, until it is asked. */
async function countBytes(page: Page): Promise<() => Omit<FirstVisit, "usableMs">> {
  const session = await page.context().newCDPSession(page);
  const ofData = new Set<string>();
  let consoleBytes = 0;
  let dataBytes = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (new URL(response.url).pathname === "/graphql") ofData.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (ofData.has(requestId)) dataBytes += encodedDataLength;
    else consoleBytes += encodedDataLength;
  });
  await session.send("Network.enable");
  return () => ({ consoleBytes, dataBytes });
}
