import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { trustedManifest } from "../../gateway/index.ts";
import { post } from "../support/graphql.ts";
import { testFolder } from "../support/servers.ts";
import { openShop, type Shop } from "./shop.ts";

const documents = join(import.meta.dirname, "../../console/src");

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request whose path and host are sent as they are, which `fetch` would not do. */
function ask(url: string, path: string, options: Asking = {}): Promise<Answer> {
  const { method = "GET", headers = {} } = options;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url), { path, method, headers }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

describe("the console's files", () => {
  let shop: Shop;

  beforeAll(async () => {
    const root = await testFolder();
    await writeFile(join(root, "secret.js"), "secret");
    const consoleFolder = join(root, "dist");
    const assets = join(consoleFolder, "assets");
    await mkdir(assets, { recursive: true });
    await writeFile(join(consoleFolder, "index.html"), "<title>the page</title>");
    await writeFile(join(consoleFolder, "sources.sha256"), "not for the world");
    await writeFile(join(assets, "main-1a2b.js"), "plain script");
    await writeFile(join(assets, "main-1a2b.js.br"), "packed by brotli");
    await writeFile(join(assets, "main-1a2b.js.gz"), "packed by gzip");
    shop = await openShop({
      consoleFolder,
      development: { token: null, operatorToken: "a token" },
    });
  });

  test("are one page for every address, which no cache keeps unasked", async () => {
    for (const path of ["/console", "/console/", "/console/orders/1?version=2"]) {
      const { status, headers, body } = await ask(shop.url, path);
      expect({ status, body }).toEqual({ status: 200, body: "<title>the page</title>" });
      expect(headers["cache-control"]).toBe("no-cache");
      const etag = String(headers["etag"]);
      const again = await ask(shop.url, path, { headers: { "if-none-match": etag } });
      expect(again.status).toBe(304);
    }
  });

  test("come with a policy that forbids what is inline or from elsewhere", async () => {
    for (const path of ["/console", "/console/assets/main-1a2b.js", "/console/assets/none.js"]) {
      const { headers } = await ask(shop.url, path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|http|\*/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  test("are sent packed as the browser takes them, and kept for ever", async () => {
    const packed = async (accepted: string): Promise<string> => {
      const path = "/console/assets/main-1a2b.js";
      const answer = await ask(shop.url, path, { headers: { "accept-encoding": accepted } });
      expect(answer.headers["cache-control"]).toContain("immutable");
      expect(answer.headers["content-type"]).toBe("text/javascript; charset=utf-8");
      return `${String(answer.headers["content-encoding"])}: ${answer.body}`;
    };
    expect(await packed("gzip, deflate, br")).toBe("br: packed by brotli");
    expect(await packed("gzip")).toBe("gzip: packed by gzip");
    expect(await packed("identity")).toBe("undefined: plain script");
  });

  test("are all that can be had, however the path is written", async () => {
    for (const name of [
      "../../secret.js",
      "..%2f..%2fsecret.js",
      "../sources.sha256",
      "%2e%2e/%2e%2e/secret.js",
      "main-1a2b.js/",
      "",
      "main-1a2b.map",
    ]) {
      const { status, body } = await ask(shop.url, `/console/assets/${name}`);
      expect({ name, status, body }).toEqual({ name, status: 404, body: "" });
    }
    const posted = await ask(shop.url, "/console", { method: "POST" });
    expect(posted.status).toBe(405);
    const head = await ask(shop.url, "/console", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, body: "" });
  });

  test("bring a token in development, and to pages of a local name only", async () => {
    const local = await ask(shop.url, "/console/token");
    expect(JSON.parse(local.body)).toEqual({ token: "a token" });
    expect(local.headers["cache-control"]).toBe("no-store");
    const headers = { host: "shop.example:4000" };
    expect((await ask(shop.url, "/console/token", { headers })).status).toBe(404);
    const production = await shop.startAnother({ development: null });
    expect((await ask(production.url, "/console/token")).status).toBe(404);
  });

  test("say what to do where the console is not built", async () => {
    const { url } = await shop.startAnother({ consoleFolder: join(await testFolder(), "none") });
    const { status, body } = await ask(url, "/console");
    expect(status).toBe(503);
    expect(body).toContain("npm run build");
  });

  test("work where only trusted documents are taken, once theirs are trusted", async () => {
    const texts = readdirSync(documents, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".graphql"))
      .map((name) => readFileSync(join(documents, name), "utf8"));
    expect(texts.length).toBeGreaterThan(30);
    const trustedDocuments = new Map(Object.entries(trustedManifest(texts)));
    const { url } = await shop.startAnother({ trustedDocuments });
    const query = texts.find((text) => text.startsWith("query Categories")) ?? "";
    const answer = await post(url, shop.operator, { query });
    expect(answer.data).toEqual({ categories: [] });
  });
});
