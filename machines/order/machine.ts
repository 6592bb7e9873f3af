import { chart } from "./chart.ts";
import { blankOrder } from "./fold-order.ts";
import { fulfilment, hold, returns } from "./regions/goods.ts";
import { lifecycle } from "./regions/lifecycle.ts";
import { payment } from "./regions/payment.ts";
import { reservation } from "./regions/reservation.ts";

/**
 * Independent regions; an event must be taken by each region that `events.ts` names for it. A
 * transition without target or action in one region permits what another region does. An arrow
 * without `meta.command` follows on other events (`advance.ts`).
 */
export const orderMachine = chart.createMachine({
  id: "order",
  type: "parallel",
  context: blankOrder,
  states: { lifecycle, reservation, payment, fulfilment, returns, hold },
});
