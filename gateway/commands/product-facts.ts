import { isSellable, lineIdOf, productIdOf } from "../../machines/index.ts";
import type { CandidateLine, ProductContext } from "../../machines/index.ts";
import type { EntityView, ProductReadModel } from "../../projections/index.ts";

/** Finds products as they are now; only what is found is in the map. */
export type FindProducts = (
  ids: readonly string[],
) => Promise<ReadonlyMap<string, EntityView<ProductContext>>>;

/** Finds products in their read model. Rejects while it cannot be read. */
export function findProductsIn(products: Pick<ProductReadModel, "byId">): FindProducts {
  return async (ids) => {
    const views = await Promise.all(ids.map((id) => products.byId(id)));
    return new Map(views.flatMap((view) => (view === null ? [] : [[view.id, view] as const])));
  };
}

interface Wanted {
  readonly commandId: string;
  readonly skus: readonly string[];
}

/**
 * The lines that a command wants, with name, category and price of each product as it stands. An
 * unknown product goes into the command as null: whether that is a refusal, the actor says, so that
 * a repeated command is still answered from the log.
 */
export async function candidateLines(
  find: FindProducts,
  { commandId, skus }: Wanted,
): Promise<CandidateLine[]> {
  const ids = skus.map(productIdOf);
  const products = await find(ids);
  return skus.map((sku, index) => {
    const productId = productIdOf(sku);
    const view = products.get(productId);
    const lineId = lineIdOf(commandId, index);
    return { lineId, productId, sku, product: view === undefined ? null : snapshotOf(view) };
  });
}

function snapshotOf({ state }: EntityView<ProductContext>): CandidateLine["product"] {
  const { name, category, price } = state.context;
  return { name, category, unitPrice: price, isSellable: isSellable(state) };
}
