import type { Aggregate } from "../kernel/aggregate.ts";
import { productEvents } from "./events.ts";
import { productMachine } from "./machine.ts";
import {
  archiveProduct,
  categoriseProduct,
  createProduct,
  discontinueProduct,
  publishProduct,
  unarchiveProduct,
  unlistProduct,
  updateProduct,
} from "./rules/catalogue.ts";
import { applyScheduledPrice, changePrice, schedulePrice } from "./rules/price.ts";
import {
  commitReservation,
  consumeReservation,
  releaseReservation,
  reserveStock,
  restock,
} from "./rules/reservation.ts";
import { adjustStock, setStock, setStockPolicy } from "./rules/stock.ts";
import { productRegions } from "./state.ts";
import type { ProductContext } from "./state.ts";

/** All that the kernel needs to know of a product. A customer knows of those on sale only. */
export const productAggregate: Aggregate<ProductContext> = {
  name: "product",
  machine: productMachine,
  events: productEvents,
  commands: {
    CreateProduct: createProduct,
    UpdateProduct: updateProduct,
    CategoriseProduct: categoriseProduct,
    ChangePrice: changePrice,
    SchedulePrice: schedulePrice,
    AdjustStock: adjustStock,
    SetStock: setStock,
    SetStockPolicy: setStockPolicy,
    PublishProduct: publishProduct,
    UnlistProduct: unlistProduct,
    DiscontinueProduct: discontinueProduct,
    ArchiveProduct: archiveProduct,
    UnarchiveProduct: unarchiveProduct,
    ApplyScheduledPrice: applyScheduledPrice,
    ReserveStock: reserveStock,
    CommitReservation: commitReservation,
    ReleaseReservation: releaseReservation,
    ConsumeReservation: consumeReservation,
    Restock: restock,
  },
  guards: {
    leavesStock: {
      message: "Stock cannot fall below zero.",
      figures: (context, event) => ({
        onHand: context.stock.onHand,
        ...("delta" in event.data ? { delta: event.data.delta } : {}),
      }),
    },
    holdsNothing: {
      message: "Orders still hold units of the product.",
      figures: ({ stock }) => ({ reserved: stock.reserved, committed: stock.committed }),
    },
  },
  exists: (state) => productRegions(state).lifecycle !== "none",
  isVisibleTo: (state, by) =>
    by.scope !== "customer" || productRegions(state).lifecycle === "active",
};
