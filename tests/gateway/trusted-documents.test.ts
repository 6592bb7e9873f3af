import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readTrustedDocuments, trustedManifest } from "../../gateway/index.ts";
import type { Gateway } from "../../gateway/index.ts";
import { post } from "../support/graphql.ts";
import { testFolder } from "../support/servers.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";

const known = "query Known { __typename }\n";
const id = `sha256:${createHash("sha256").update(known).digest("hex")}`;

async function manifest(content: unknown): Promise<string> {
  const file = join(await testFolder(), "trusted.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("with trusted documents", () => {
  let shop: Shop;
  let gateway: Gateway;

  beforeAll(async () => {
    shop = await openShop();
    const trustedDocuments = await readTrustedDocuments(await manifest(trustedManifest([known])));
    gateway = await shop.startAnother({ trustedDocuments });
  });

  test.each([
    ["the text of one", known],
    ["the hash of one", id],
  ])("%s is answered over both transports", async (_what, query) => {
    const answer = await post(gateway.url, shop.operator, { query });
    expect(answer).toMatchObject({ status: 200, data: { __typename: "Query" } });
    const socket = await openAcknowledged(gateway.wsUrl, shop.operator);
    socket.send({ type: "subscribe", id: "1", payload: { query } });
    const { payload } = await socket.message(({ type }) => type === "next");
    expect(payload).toMatchObject({ data: { __typename: "Query" } });
  });

  test.each([
    ["another text", "{ __typename }"],
    ["the text with a space more", `${known} `],
    ["an unknown hash", `sha256:${"0".repeat(64)}`],
    ["a name of every object", "sha256:constructor"],
  ])("%s is refused over both transports, operators included", async (_what, query) => {
    const expected = { extensions: { code: "DOCUMENT_NOT_TRUSTED", retryable: false } };
    const answer = await post(gateway.url, shop.operator, { query });
    expect(answer.errors).toMatchObject([expected]);
    const socket = await openAcknowledged(gateway.wsUrl, shop.operator);
    socket.send({ type: "subscribe", id: "1", payload: { query } });
    const { payload } = await socket.message(({ type }) => type === "error");
    expect(payload).toMatchObject([expected]);
  });

  test("a document that could never be answered keeps the gateway from starting", async () => {
    const wrong = trustedManifest(["query Wrong { nonsense }"]);
    const trustedDocuments = new Map(Object.entries(wrong));
    await expect(shop.startAnother({ trustedDocuments })).rejects.toMatchObject({
      code: "TRUSTED_DOCUMENTS_INVALID",
      message: expect.stringContaining("nonsense") as string,
    });
  });
});

describe("a manifest", () => {
  test.each([
    ["is no JSON", "{"],
    ["is a list", [known]],
    ["names a document by no hash", { known }],
    ["names a document by the hash of another", { ["0".repeat(64)]: known }],
  ])("that %s is refused with its file's name", async (_what, content) => {
    const file = await manifest(content);
    const reading = readTrustedDocuments(file);
    await expect(reading).rejects.toMatchObject({ code: "TRUSTED_DOCUMENTS_INVALID" });
    await expect(reading).rejects.toThrow(file);
  });

  test("that is not there is refused", async () => {
    await expect(readTrustedDocuments("/nowhere/trusted.json")).rejects.toMatchObject({
      code: "TRUSTED_DOCUMENTS_INVALID",
    });
  });
});
