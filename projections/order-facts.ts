import { Long, UUID, type Document } from "mongodb";
import { eventId } from "../log/index.ts";
import { orderStatus, type EntityState, type OrderContext } from "../machines/index.ts";
import type { FactTable, Step } from "./facts.ts";
import type { OrderNotes } from "./order-notes.ts";

/**
 * What money did to one line at one event: one row for each line that it fell to, all of them
 * together exactly the amount of the event.
 */
export const revenueFacts: FactTable = {
  name: "revenue",
  documentsOf(step) {
    const { currency } = contextOf(step);
    const earlier = new Map(notesOf(step.before)?.shares.map((share) => [share.lineId, share]));
    return (notesOf(step.after)?.shares ?? []).flatMap((share, index): Document[] => {
      const gross = share.captured - (earlier.get(share.lineId)?.captured ?? 0);
      const refund = share.refunded - (earlier.get(share.lineId)?.refunded ?? 0);
      if (gross === 0 && refund === 0) return [];
      return [
        {
          _id: `${idOf(step)}/${String(index)}`,
          at: new Date(step.placed.at),
          order: new UUID(step.placed.stream),
          currency,
          category: share.category,
          sku: share.sku,
          gross: Long.fromNumber(gross),
          refund: Long.fromNumber(refund),
        },
      ];
    });
  },
  // Every report is answered by this index alone.
  indexes: [{ currency: 1, at: 1, category: 1, sku: 1, gross: 1, refund: 1 }],
};

/** How long an order had a status, written when it takes another one. */
export const stayFacts: FactTable = {
  name: "order_stays",
  documentsOf(step) {
    const before = notesOf(step.before);
    if (step.before === null || before === null) return [];
    const status = orderStatus(step.before.state as EntityState<OrderContext>);
    if (status === orderStatus(step.after.state as EntityState<OrderContext>)) return [];
    const ms = Math.max(0, Date.parse(step.placed.at) - Date.parse(before.statusSince));
    const leftAt = new Date(step.placed.at);
    return [{ _id: idOf(step), leftAt, status, ms: Long.fromNumber(ms) }];
  },
  indexes: [{ leftAt: 1, status: 1, ms: 1 }],
};

function idOf({ placed }: Step): string {
  return eventId(placed.stream, placed.version);
}

function contextOf({ after }: Step): OrderContext {
  return (after.state as EntityState<OrderContext>).context;
}

function notesOf(view: Step["before"]): OrderNotes | null {
  return (view?.notes ?? null) as OrderNotes | null;
}
