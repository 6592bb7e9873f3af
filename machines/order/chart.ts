import { setup } from "xstate";
import type { StatechartMeta } from "../kernel/statechart.ts";
import type { OrderEvent } from "./events.ts";
import { foldOrder } from "./fold-order.ts";
import type { OrderContext } from "./state.ts";

const META: StatechartMeta = {};

interface Step {
  readonly context: OrderContext;
  readonly event: OrderEvent;
}

/** The order as it will be: a region that chooses a state by counters looks at those to come. */
function after({ context, event }: Step): OrderContext {
  return { ...context, ...foldOrder(context, event) };
}

function returnsAre(step: Step, status: string): boolean {
  return after(step).returns.some((one) => one.status === status);
}

/**
 * What the regions of an order are made with. All guards but the first only choose between targets:
 * the last arrow of each choice has none, so that none of them refuses an event.
 */
export const chart = setup({
  types: {
    context: {} as OrderContext,
    events: {} as OrderEvent,
    meta: META,
  },
  guards: {
    /** Refuses what no command can bring: an answer about an order that never began. */
    isCreated: ({ context }: Step) => context.orderNumber !== "",
    isAllShipped: (step: Step) =>
      after(step).lines.every((line) => line.shipped === line.ordered - line.cancelled),
    isAllDelivered: (step: Step) =>
      after(step).lines.every((line) => line.delivered === line.ordered - line.cancelled),
    isAllRefunded: (step: Step) => {
      const { captured, refunded } = after(step).money;
      return refunded === captured;
    },
    isBackordered: ({ context }: Step) => context.lines.some((line) => line.backordered > 0),
    isPayable: ({ event }: Step) => event.type === "PaymentVoided" && event.data.expiresAt !== null,
    isReturnUndecided: (step: Step) => returnsAre(step, "REQUESTED"),
    isReturnOnItsWay: (step: Step) => returnsAre(step, "APPROVED"),
    isReturnReceived: (step: Step) => after(step).lines.some(({ returned }) => returned > 0),
  },
});

/** Writes an event into the context; of all arrows that take it at once, one has this action. */
export const fold = chart.assign(({ context, event }) => foldOrder(context, event));
