import { isStockOpen, newLine } from "../lines.ts";
import type { Folds } from "./fold.ts";

/** What the facts of an order as a whole change. */
export const lifecycleFolds = {
  OrderCreated: (_context, { lines, ...rest }) => ({
    ...rest,
    lines: lines.map((line) => newLine(line, false)),
  }),
  OrderItemAdded: ({ lines }, { line }) => ({ lines: [...lines, newLine(line, true)] }),
  OrderItemRemoved({ lines, leaving }, { lineId }) {
    const removed = lines.filter((line) => line.lineId === lineId);
    return {
      lines: lines.filter((line) => line.lineId !== lineId),
      leaving: [...leaving, ...removed.filter(isStockOpen)],
    };
  },
  ShippingAddressUpdated: (_context, { personal }) => ({ addressChange: personal }),
  OrderConfirmed: () => ({}),
  OrderRejected: (_context, rejection) => ({ rejection }),
  OrderExpired: () => ({}),
  OrderCancellationRequested: (_context, { reason, note }) => ({
    cancellation: { reason, ...(note === undefined ? {} : { note }), cancelledAt: null },
  }),
  OrderCancelled: (_context, cancellation) => ({ cancellation }),
  OrderCompleted: () => ({}),
  OrderHeld: (_context, { reason }) => ({ holdReason: reason }),
  HoldReleased: () => ({ holdReason: null }),
} satisfies Partial<Folds>;
