import { aggregates, orderNumberOf } from "../../machines/index.ts";
import type { Projection } from "../../projections/document.ts";
import { evolveMarked, placedEvents } from "../../projections/evolve.ts";
import { ordersProjection } from "../../projections/orders.ts";
import { productsProjection } from "../../projections/products.ts";
import type { Step } from "../../projections/facts.ts";
import { dayOf } from "../../projections/day-marks.ts";
import { createOrderReadModel, type OrderReadModel } from "../../projections/order-reads.ts";
import { createProductReadModel, type ProductReadModel } from "../../projections/product-reads.ts";
import type { MarkedView } from "../../projections/view.ts";
import { createViewTable, type ViewTable } from "../../projections/view-table.ts";
import { testDatabase } from "../support/servers.ts";
import {
  createHistory,
  discontinued,
  orderCancelled,
  orderCreated,
  orderLine,
  productCreated,
  published,
  stockAdjusted,
  type History,
} from "./history.ts";

/** A stocked read side of one test file. */
export interface Shop {
  readonly orderTable: ViewTable;
  readonly productTable: ViewTable;
  readonly orders: OrderReadModel;
  readonly products: ProductReadModel;
  readonly orderViews: readonly MarkedView[];
  readonly productViews: readonly MarkedView[];
}

/** The number of the order of that index. */
export function orderNumber(index: number): string {
  return orderNumberOf(`00000000-0000-4000-8000-${String(index).padStart(12, "0")}`);
}

/** Forty orders and products whose totals, prices and names repeat, so that ties are many. */
function stock(): History {
  const history = createHistory();
  for (let index = 0; index < 40; index += 1) {
    const sku = `SKU-${String(index)}`;
    const created = productCreated(sku, {
      name: ["Assam", "assam", "Ceylon", "Éclair", "Zhū chá"][index % 5],
      category: index % 3 === 0 ? "tea" : "coffee",
      price: { minor: 100 * (index % 4), currency: index % 7 === 0 ? "USD" : "EUR" },
      onHand: index % 6,
    });
    history.product(sku, created, ...(index % 2 === 0 ? [published] : []));
    const number = orderNumber(index);
    const lines = [orderLine("TEA-1", 1 + (index % 4))];
    const customerId = `customer-${String(index % 3)}`;
    history.order(number, orderCreated(number, { customerId, lines }));
  }
  for (let index = 0; index < 40; index += 5) {
    history.product(`SKU-${String(index)}`, stockAdjusted(1), discontinued);
    history.order(orderNumber(index), orderCancelled);
  }
  return history;
}

/** Folds the stock into read collections, without a log or a projector. */
export async function openShop(): Promise<Shop> {
  const { db } = await testDatabase();
  const orderTable = createViewTable(db, ordersProjection);
  const productTable = createViewTable(db, productsProjection);
  const history = stock();
  const fill = async (table: ViewTable, projection: Projection): Promise<MarkedView[]> => {
    const views = new Map<string, MarkedView>();
    const steps: Step[] = [];
    for (const placed of history.commits.filter(isOf(projection)).flatMap(placedEvents)) {
      const before = views.get(placed.stream) ?? null;
      const after = evolveMarked(aggregates[projection.aggregate], before, placed);
      views.set(placed.stream, after);
      steps.push({ before, placed, after });
    }
    await table.prepare();
    const days = [...views.values()].map(({ createdAt }) => dayOf(createdAt));
    await table.land([...views.values()], { steps, days });
    return [...views.values()];
  };
  return {
    orderTable,
    productTable,
    orders: createOrderReadModel(orderTable),
    products: createProductReadModel(productTable),
    orderViews: await fill(orderTable, ordersProjection),
    productViews: await fill(productTable, productsProjection),
  };
}

function isOf(projection: Projection) {
  return (commit: { readonly aggregate: string }) => commit.aggregate === projection.aggregate;
}
