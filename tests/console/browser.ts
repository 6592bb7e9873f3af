import { AxeBuilder } from "@axe-core/playwright";
import { chromium as engine, type Browser, type Page } from "playwright-core";
import { chromium } from "../../cli/chromium.ts";
import { disposeLater } from "../support/servers.ts";

/** Whether chapters that need a browser are skipped, as the first lines of the run then say. */
export const hasNoBrowser = chromium === null;

/** A page that keeps count of what it must not do. */
export interface Visit {
  readonly page: Page;
  /** Faults of scripts, messages of the policy for contents, and requests to others so far. */
  readonly wrongs: readonly string[];
}

const PATIENCE_MS = 150_000;

/** Starts a browser; it ends with the test file. */
export async function openBrowser(): Promise<Browser> {
  const browser = await engine.launch({
    executablePath: chromium ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  disposeLater(() => browser.close());
  return browser;
}

/** Opens an address as a new visitor; closed with the test. */
export async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: "light",
    viewport: { width: 1_280, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
  });
  disposeLater(() => context.close());
  // No test is about speed, and a busy machine is no failure.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const { host } = new URL(address);
  const wrongs: string[] = [];
  const judge = (url: string): void => {
    if (new URL(url).host !== host) wrongs.push(`asked ${url}`);
  };
  page.on("request", (request) => judge(request.url()));
  page.on("websocket", (socket) => judge(socket.url()));
  page.on("pageerror", (error) => wrongs.push(error.stack ?? error.message));
  page.on("console", (message) => {
    // A cut connection is reported by the browser itself and belongs to some tests.
    const isNetwork = /ERR_|WebSocket connection|status of 40[14]/.test(message.text());
    if (message.type() === "error" && !isNetwork) wrongs.push(message.text());
  });
  await page.goto(address);
  return { page, wrongs };
}

/** What axe finds serious or worse on a page, by rule and place. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  // Without a page of its own for the summing up, which only frames of other origins need.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** How wide the page is (CSS pixels), what one would have to scroll to included. */
export function widthOf(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth");
}
