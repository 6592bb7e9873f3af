import { describe, expect, test } from "vitest";
import { hasNoBrowser, openBrowser } from "../console/browser.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import { passFor } from "./inspector.ts";
import { openShop, run, sell, type Shop } from "./shop.ts";

/** A shop whose gateway serves the page. */
async function viewing(): Promise<Shop & { readonly at: string }> {
  const shop = await openShop();
  const { inspection } = shop.options;
  if (!inspection) throw new Error("the shop has an inspection feed");
  const another = await shop.startAnother({ inspection: { ...inspection, hasViewer: true } });
  return { ...shop, at: another.url };
}

describe("the page with Stately's viewer", () => {
  test("is served with a policy that lets in the viewer and our own sockets alone", async () => {
    const { at } = await viewing();
    const page = await fetch(new URL("/inspect/stately", at));
    const policy = page.headers.get("content-security-policy") ?? "";
    const { host } = new URL(at);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`);
    expect(policy).toContain("frame-src https://stately.ai https://*.stately.ai");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    const html = await page.text();
    expect(html).not.toMatch(/<script>|<style>| on\w+=/);
    // The script begins the viewer, once it listens: a viewer may be ready before the script is.
    expect(html).not.toContain("https://stately.ai");
    for (const file of ["/inspect/stately.js", "/inspect/stately.css"]) {
      expect((await fetch(new URL(file, at))).status).toBe(200);
    }
    for (const file of ["/inspect/stately.html", "/inspect/", "/inspect/__proto__"]) {
      expect((await fetch(new URL(file, at))).status).toBe(404);
    }
    expect((await fetch(new URL("/inspect/stately", at), { method: "POST" })).status).toBe(405);
  });

  // Stands in for the page of Stately's, which nobody reaches without internet.
  const viewer = `<!doctype html><title>viewer</title><script>
    window.frames_ = [];
    addEventListener("message", ({ data }) => window.frames_.push(data));
    parent.postMessage({ type: "@statelyai.connected" }, "*");
  </script>`;

  test.skipIf(hasNoBrowser)("hands the viewer the whole feed, and keeps no ticket", async () => {
    const shop = await viewing();
    const productId = await sell(shop, "TEA-1");
    const context = await (await openBrowser()).newContext();
    disposeLater(() => context.close());
    await context.route("https://stately.ai/**", (route) =>
      route.fulfill({ contentType: "text/html", body: viewer }),
    );
    const page = await context.newPage();
    const pass = await passFor(shop.at, shop.operator, `product:${productId}`);
    await page.goto(new URL(pass.viewerPath ?? "", shop.at).href);
    const handed = async (): Promise<{ type: string }[]> => {
      const frame = page.frames().find((one) => one.url().startsWith("https://stately.ai"));
      const frames: unknown = await frame?.evaluate("window.frames_");
      return frames as { type: string }[];
    };
    await eventually(async () => (await handed()).length === 5);
    const input = { productId, delta: 1, reason: "counted" };
    await run(shop, shop.operator, ["adjustStock", "product", input]);
    await eventually(async () => (await handed()).length === 7);
    const [event, snapshot] = ["@xstate.event", "@xstate.snapshot"];
    const types = [event, snapshot, event, snapshot, event, snapshot];
    expect((await handed()).map(({ type }) => type)).toEqual(["@xstate.actor", ...types]);
    expect(await page.textContent("#state")).toBe(`Live: product:${productId}`);
    expect(page.url()).toBe(new URL("/inspect/stately", shop.at).href);
    await page.reload();
    expect(await page.textContent("#state")).toContain("createInspectionTicket");
  });
});
