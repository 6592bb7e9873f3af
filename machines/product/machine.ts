import { setup } from "xstate";
import type { StatechartMeta } from "../kernel/statechart.ts";
import type { ProductEvent } from "./events.ts";
import { blankProduct, foldProduct } from "./fold-product.ts";
import type { ProductContext } from "./state.ts";

const META: StatechartMeta = {};

const chart = setup({
  types: {
    context: {} as ProductContext,
    events: {} as ProductEvent,
    meta: META,
  },
  guards: {
    leavesStock: ({ context, event }) =>
      event.type === "StockAdjusted" && context.stock.onHand + event.data.delta >= 0,
    holdsNothing: ({ context }) => context.stock.reserved === 0 && context.stock.committed === 0,
  },
});

const fold = chart.assign(({ context, event }) => foldProduct(context, event));

const told = (command: string, target?: string) => ({
  ...(target === undefined ? {} : { target }),
  actions: fold,
  meta: { command },
});

/** Whatever a reaction asks is answered by an event, in every lifecycle, its refusal included. */
const answering = {
  StockReservationDeclined: told("ReserveStock"),
  ReservationCommitDeclined: told("CommitReservation"),
  ReservationReleased: told("ReleaseReservation"),
  ReservationConsumed: told("ConsumeReservation"),
  StockRestocked: told("Restock"),
};

/** Stock is counted until it is gone. */
const counted = {
  ...answering,
  StockAdjusted: {
    guard: "leavesStock",
    actions: fold,
    meta: { command: "AdjustStock" },
  },
  StockSet: told("SetStock"),
  StockPolicySet: told("SetStockPolicy"),
} as const;

const kept = {
  ...counted,
  ProductUpdated: told("UpdateProduct"),
  ProductCategorised: told("CategoriseProduct"),
  PriceChanged: told("ChangePrice"),
  PriceScheduled: { meta: { command: "SchedulePrice" } },
  ScheduledPriceApplied: { meta: { command: "ApplyScheduledPrice" } },
  ProductDiscontinued: told("DiscontinueProduct", "discontinued"),
} as const;

/** What was reserved while it was on sale may still be committed when it no longer is. */
const promised = { ReservationCommitted: told("CommitReservation") } as const;

const onSale = { ...kept, ...promised, StockReserved: told("ReserveStock") } as const;

const published = told("PublishProduct", "active");

/** What can still be sold or corrected, and beside it the price that is planned. */
export const productMachine = chart.createMachine({
  id: "product",
  type: "parallel",
  context: blankProduct,
  states: {
    lifecycle: {
      initial: "none",
      states: {
        // Being asked for stock creates nothing: the SKU stays free for its creation.
        none: {
          on: {
            ProductCreated: told("CreateProduct", "draft"),
            StockReservationDeclined: told("ReserveStock"),
          },
        },
        draft: { on: { ...kept, ProductPublished: published } },
        active: { on: { ...onSale, ProductUnlisted: told("UnlistProduct", "unlisted") } },
        unlisted: { on: { ...onSale, ProductPublished: published } },
        discontinued: {
          on: {
            ...counted,
            ...promised,
            ProductArchived: {
              guard: "holdsNothing",
              target: "archived",
              actions: fold,
              meta: { command: "ArchiveProduct" },
            },
          },
        },
        archived: { on: { ...answering, ProductUnarchived: told("UnarchiveProduct", "draft") } },
      },
    },
    price: {
      initial: "current",
      states: {
        current: { on: { PriceScheduled: told("SchedulePrice", "scheduled") } },
        scheduled: {
          meta: {
            timers: [
              {
                id: "scheduled-price",
                command: "ApplyScheduledPrice",
                due: "schedule.effectiveAt",
              },
            ],
          },
          on: {
            PriceScheduled: told("SchedulePrice"),
            ScheduledPriceApplied: told("ApplyScheduledPrice", "current"),
            ProductDiscontinued: { target: "current", meta: { command: "DiscontinueProduct" } },
          },
        },
      },
    },
  },
});
