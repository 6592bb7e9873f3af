import type { ProductEvent, ProductEventData } from "./events.ts";
import { reservationIn, withReservation, withoutReservation } from "./reservations.ts";
import type { Reservation } from "./reservations.ts";
import type { ProductContext, StockBuckets } from "./state.ts";

/** A product before its first event. */
export const blankProduct: ProductContext = {
  sku: "",
  name: "",
  description: "",
  category: "",
  price: { minor: 0, currency: "" },
  schedule: null,
  stock: { onHand: 0, reserved: 0, committed: 0, damaged: 0, safety: 0 },
  stockPolicy: { kind: "DENY", backorderLimit: 0 },
  reservations: {},
  reservationCount: 0,
  createdAt: "",
};

/** Buckets after a change; what is damaged is on hand too, so it cannot be more than that. */
function withStock(
  { stock }: ProductContext,
  change: Partial<StockBuckets>,
): Pick<ProductContext, "stock"> {
  const next = { ...stock, ...change };
  return { stock: { ...next, damaged: Math.min(next.damaged, next.onHand) } };
}

/** One reservation with fewer units; without any it is gone. */
function lessHeld(
  context: ProductContext,
  lineId: string,
  quantity: number,
): Partial<ProductContext> {
  const held = reservationIn(context.reservations, lineId);
  if (held === undefined || quantity === 0) return {};
  const { stock } = context;
  const bucket = held.isCommitted ? "committed" : "reserved";
  return {
    ...left(context, { ...held, quantity: held.quantity - quantity }),
    stock: { ...stock, [bucket]: stock[bucket] - quantity },
  };
}

function left(
  { reservations, reservationCount }: ProductContext,
  rest: Reservation,
): Partial<ProductContext> {
  return rest.quantity > 0
    ? { reservations: withReservation(reservations, rest) }
    : {
        reservations: withoutReservation(reservations, rest.id),
        reservationCount: reservationCount - 1,
      };
}

type Folds = {
  readonly [Type in ProductEvent["type"]]: (
    context: ProductContext,
    data: ProductEventData<Type>,
  ) => Partial<ProductContext>;
};

const folds: Folds = {
  ProductCreated: (context, { onHand, description = "", ...rest }) => ({
    ...rest,
    description,
    ...withStock(context, { onHand }),
  }),
  ProductUpdated: (context, { name, description, category }) => ({
    name: name ?? context.name,
    description: description ?? context.description,
    category: category ?? context.category,
  }),
  ProductCategorised: (_context, { category }) => ({ category }),
  PriceChanged: (_context, { price }) => ({ price }),
  PriceScheduled: (_context, schedule) => ({ schedule }),
  ScheduledPriceApplied: (_context, { price }) => ({ price, schedule: null }),
  StockAdjusted: (context, { delta }) =>
    withStock(context, { onHand: context.stock.onHand + delta }),
  StockSet: (context, { onHand, damaged }) => withStock(context, { onHand, damaged }),
  StockPolicySet: (context, { kind, backorderLimit, safety }) => ({
    stockPolicy: { kind, backorderLimit },
    ...withStock(context, { safety }),
  }),
  StockReserved: (context, { orderId, lineId, quantity }) => ({
    reservations: withReservation(context.reservations, {
      id: lineId,
      orderId,
      quantity,
      isCommitted: false,
    }),
    reservationCount: context.reservationCount + 1,
    ...withStock(context, { reserved: context.stock.reserved + quantity }),
  }),
  StockReservationDeclined: () => ({}),
  ReservationCommitted(context, { lineId }) {
    const held = reservationIn(context.reservations, lineId);
    if (held === undefined) return {};
    const { reserved, committed } = context.stock;
    return {
      reservations: withReservation(context.reservations, { ...held, isCommitted: true }),
      ...withStock(context, {
        reserved: reserved - held.quantity,
        committed: committed + held.quantity,
      }),
    };
  },
  ReservationCommitDeclined: () => ({}),
  ReservationReleased: (context, { lineId, quantity }) => lessHeld(context, lineId, quantity),
  ReservationConsumed(context, { lineId, requested, quantity }) {
    const after = { ...context, ...lessHeld(context, lineId, quantity) };
    const onHand = Math.max(0, context.stock.onHand - requested);
    return { ...after, ...withStock(after, { onHand }) };
  },
  StockRestocked(context, { quantity, isDamaged }) {
    const { onHand, damaged } = context.stock;
    return withStock(context, {
      onHand: onHand + quantity,
      damaged: isDamaged ? damaged + quantity : damaged,
    });
  },
  ProductPublished: () => ({}),
  ProductUnlisted: () => ({}),
  ProductDiscontinued: () => ({ schedule: null }),
  ProductArchived: () => ({}),
  ProductUnarchived: () => ({}),
};

/** What an event changes in the context of a product. */
export function foldProduct(context: ProductContext, event: ProductEvent): Partial<ProductContext> {
  const fold = folds[event.type] as (of: ProductContext, data: object) => Partial<ProductContext>;
  return fold(context, event.data);
}
