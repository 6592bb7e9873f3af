import { chart, fold } from "../chart.ts";

const asked = { guard: "isCreated", actions: fold } as const;
const told = (command: string) => ({ ...asked, meta: { command } });

const ending = (target: "refused" | "releasing") => ({
  OrderRejected: { target },
  OrderExpired: { target: "releasing", meta: { command: "ExpireOrder" } },
  OrderCancellationRequested: {
    target: "releasing",
    meta: { command: ["CancelOrder", "ExpireOrder"] },
  },
});

const added = {
  OrderItemAdded: { target: "reserving", meta: { command: "AddOrderItem" } },
} as const;

const committed = { OrderStockCommitted: { target: "committed" } } as const;

/**
 * The stock of all lines together. What a product tells about a line is taken in every state: the
 * order is the only judge, and a late answer is recorded first and compensated then.
 */
export const reservation = chart.createStateConfig({
  initial: "none",
  on: {
    LineReservationRequested: asked,
    LineReserved: told("RecordLineReserved"),
    LineRefused: told("RecordLineRefused"),
    LineCommitRequested: asked,
    LineCommitted: told("RecordLineCommitted"),
    LineCommitDeclined: told("RecordLineCommitDeclined"),
    LineReleaseRequested: asked,
    LineReleased: told("RecordLineReleased"),
    LineConsumed: told("RecordLineConsumed"),
  },
  states: {
    none: { on: { OrderCreated: { target: "reserving", meta: { command: "CreateOrder" } } } },
    reserving: {
      on: {
        ...ending("refused"),
        OrderItemAdded: { meta: { command: "AddOrderItem" } },
        OrderStockReserved: [
          { guard: "isBackordered", target: "backordered" },
          { target: "reserved" },
        ],
        OrderCancelled: { target: "released", meta: { isLegacy: true } },
      },
    },
    reserved: { on: { ...ending("releasing"), ...added, ...committed } },
    backordered: { on: { ...ending("releasing"), ...added, ...committed } },
    committed: {
      on: {
        OrderCancellationRequested: {
          target: "releasing",
          meta: { command: ["CancelOrder", "ExpireOrder"] },
        },
        OrderStockConsumed: { target: "consumed" },
      },
    },
    consumed: {},
    refused: {},
    releasing: { on: { OrderStockReleased: { target: "released" } } },
    released: {},
  },
});
