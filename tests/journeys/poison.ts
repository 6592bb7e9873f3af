import { expect } from "vitest";
import type { Commit, EventStore } from "../../log/index.ts";
import { productIdOf } from "../../machines/index.ts";
import { createHistory, productCreated, published, unknownEvent } from "../projections/history.ts";

/** Appends what was decided elsewhere. */
export async function appendCommit(store: EventStore, commit: Commit): Promise<void> {
  const result = await store.append(commit, Date.now() + 30_000);
  expect(result.kind).toBe("landed");
}

/** Puts a product with an event that no code knows into the log; its id. */
export async function appendPoison(
  store: EventStore,
  sku: string,
  history = createHistory(),
): Promise<string> {
  for (const event of [productCreated(sku), unknownEvent, published]) {
    await appendCommit(store, history.product(sku, event));
  }
  return productIdOf(sku);
}
