import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { onSale, peopleAt, type People } from "../journeys/domain.ts";
import { appendPoison } from "../journeys/poison.ts";
import { startStatecartHere, type StatecartHere } from "../support/statecart-here.ts";
import { hasNoBrowser, openBrowser, seriousFaults, visit, widthOf } from "./browser.ts";

describe.skipIf(hasNoBrowser)("the console's page of the system", () => {
  let browser: Browser;
  let statecart: StatecartHere;
  let shop: People;
  const address = (): string => `${new URL(statecart.running.graphql).origin}/console/system`;
  const fact = (page: Page, name: string) => page.locator(`[data-fact="${name}"]`);

  beforeAll(async () => {
    [statecart, browser] = await Promise.all([startStatecartHere(), openBrowser()]);
    shop = peopleAt(statecart.running.graphql, (scope) => statecart.token(scope));
  });

  it("tells live how the process is doing, and what runs", async () => {
    const { page, wrongs } = await visit(browser, address());
    await page.locator("[data-freshness=live]").waitFor();
    await page.locator("[data-ready=true]").waitFor();
    await page.locator("[data-projector=orders]", { hasText: "caught up" }).waitFor();
    await page.locator("[data-projector=products]").waitFor();
    await page.locator("[data-worker=reactor]", { hasText: "active here" }).waitFor();
    await fact(page, "Sockets").filter({ hasText: "1" }).waitFor();
    expect(await fact(page, "Node").innerText()).toBe(process.versions.node);
    expect(await fact(page, "MongoDB").innerText()).toMatch(/^\d+\.\d+/);
    const rate = page.getByRole("heading", { name: "Commands answered a second" });
    await onSale(shop);
    await rate.filter({ hasNotText: "second: 0.0" }).waitFor();
    expect(wrongs).toEqual([]);
  });

  it("shows a dead letter, retries it, and skips it only after asking", async () => {
    const { page, wrongs } = await visit(browser, address());
    await page.getByText("Nothing is parked").waitFor();
    const entityId = await appendPoison(statecart.store, "POISON-SEEN");
    const letter = page.locator(`[data-letter="${entityId}"]`);
    await letter.filter({ hasText: "REPLAY_FAULT" }).waitFor();
    await letter.getByRole("button", { name: "Retry" }).click();
    await page.getByText(`Event 2 of ${entityId} is in the way: REPLAY_FAULT.`).waitFor();
    await expect.poll(() => seriousFaults(page)).toEqual([]);

    const dialog = page.getByRole("dialog", { name: "Skip an event" });
    await letter.getByRole("button", { name: "Skip" }).click();
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Leave it parked" }).click();
    await dialog.waitFor({ state: "detached" });
    const ask = () => shop.ask("operator", "{ deadLetters { entityId } }", {});
    expect(await ask()).toEqual({ deadLetters: [{ entityId }] });

    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => seriousFaults(page)).toEqual([]);
    await expect.poll(() => widthOf(page)).toBeLessThanOrEqual(360);

    await letter.getByRole("button", { name: "Skip" }).click();
    await dialog.getByRole("button", { name: "Skip it for good" }).click();
    await page.getByText(`${entityId} flows again.`).waitFor();
    await page.getByText("Nothing is parked").waitFor();
    expect(await ask()).toEqual({ deadLetters: [] });
    expect(wrongs).toEqual([]);
  });
});
