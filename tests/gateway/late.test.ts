import { beforeAll, expect, test } from "vitest";
import { post } from "../support/graphql.ts";
import { eventually } from "../support/servers.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const create = (alias: string, sku: string): string => `${alias}: createProduct(input: {
  sku: "${sku}", name: "Late", category: "tea", price: { minor: 1, currency: "EUR" }, onHand: 1
}) { version }`;

test("what an operation has not begun when its time is over is never begun", async () => {
  const { bus } = shop.options;
  const sent: string[] = [];
  let answered: (() => void) | null = null;
  const isAnswered = new Promise<void>((resolve) => (answered = resolve));
  const slow: typeof bus = {
    close: () => bus.close(),
    async send(envelope) {
      sent.push(envelope.entityId);
      await isAnswered;
      return bus.send(envelope);
    },
  };
  const { url } = await shop.startAnother({ bus: slow, operationTimeoutMs: 200 });
  const query = `mutation { ${create("one", "LATE-1")} ${create("two", "LATE-2")} }`;
  const late = await post(url, shop.operator, { query });
  expect(late.errors).toMatchObject([{ extensions: { code: "TIMEOUT", retryable: true } }]);
  expect(answered).not.toBeNull();
  (answered as (() => void) | null)?.();

  const find = async (sku: string): Promise<unknown> => {
    const asked = "query ($sku: String!) { productBySku(sku: $sku) { sku } }";
    return (await shop.ask(shop.operator, asked, { sku })).data?.["productBySku"];
  };
  // The first is done for all that: its outcome is what the client was told is open.
  await eventually(async () => (await find("LATE-1")) !== null);
  expect(sent).toHaveLength(1);
  expect(await find("LATE-2")).toBeNull();
});
