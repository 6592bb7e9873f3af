import { isStockOpen } from "../lines.ts";
import type { OrderContext, OrderLine } from "../state.ts";
import type { Folds } from "./fold.ts";

/** The lines after one of them changed; one that is leaving is gone once its stock is settled. */
function withLine(
  { lines, leaving }: OrderContext,
  lineId: string,
  change: (line: OrderLine) => Partial<OrderLine>,
): Pick<OrderContext, "lines" | "leaving"> {
  const changed = (line: OrderLine) =>
    line.lineId === lineId ? { ...line, ...change(line) } : line;
  return {
    lines: lines.map(changed),
    leaving: leaving.length === 0 ? leaving : leaving.map(changed).filter(isStockOpen),
  };
}

/** What an order learns from the products of its lines. */
export const stockFolds = {
  LineReservationRequested: (context, { lineId }) =>
    withLine(context, lineId, () => ({ stock: "requested" })),
  LineReserved: (context, { lineId, quantity, backordered }) =>
    withLine(context, lineId, () => ({ stock: "reserved", reserved: quantity, backordered })),
  LineRefused: (context, { lineId, ...refusal }) =>
    withLine(context, lineId, () => ({ stock: "refused", refusal })),
  LineCommitRequested: (context, { lineId }) =>
    withLine(context, lineId, () => ({ stock: "committing" })),
  LineCommitted: (context, { lineId }) => withLine(context, lineId, () => ({ stock: "committed" })),
  LineCommitDeclined: (context, { lineId }) =>
    withLine(context, lineId, () => ({ stock: "declined" })),
  LineReleaseRequested: (context, { lineId, quantity }) =>
    withLine(context, lineId, ({ releasing }) => ({ releasing: releasing + quantity })),
  LineReleased: (context, { lineId, quantity }) =>
    withLine(context, lineId, ({ releasing, reserved }) => ({
      releasing: releasing - quantity,
      reserved: reserved - quantity,
    })),
  LineConsumed: (context, { lineId, quantity }) =>
    withLine(context, lineId, ({ consumed, reserved }) => ({
      consumed: consumed + quantity,
      reserved: reserved - quantity,
    })),
  OrderStockReserved: () => ({}),
  OrderStockCommitted: () => ({}),
  OrderStockConsumed: () => ({}),
  OrderStockReleased: () => ({}),
} satisfies Partial<Folds>;
