import {
  allocate,
  orderStatus,
  orderTotals,
  worthOf,
  type EntityState,
  type OrderContext,
} from "../machines/index.ts";
import type { PlacedEvent } from "./placed-event.ts";
import type { EntityView } from "./view.ts";

/** An amount by line, in minor units of the order's currency. */
interface LineWorth {
  readonly lineId: string;
  readonly minor: number;
}

/** How much of the money of an order fell to one line. */
export interface LineShare {
  readonly lineId: string;
  readonly sku: string;
  readonly category: string;
  readonly captured: number;
  readonly refunded: number;
}

/** What the reports must remember of an order from one event to the next. */
export interface OrderNotes {
  /** Since when it has its status, ISO 8601 UTC. */
  readonly statusSince: string;
  /** Adds up to the order's ledger, to the minor unit. */
  readonly shares: readonly LineShare[];
  /** What each refund was asked for; no weights: for the order as a whole. */
  readonly refunds: readonly { readonly refundId: string; readonly weights: LineWorth[] }[];
  /** Cancelled, and no refund requested for it yet. */
  readonly cancelled: readonly LineWorth[];
}

type OrderView = EntityView<OrderContext>;

/** The notes after one more event; pure. */
export function orderNotesAfter(
  notes: OrderNotes | null,
  before: OrderView | null,
  { placed, after }: { readonly placed: PlacedEvent; readonly after: OrderView },
): OrderNotes {
  const context = after.state.context;
  const isSame = before !== null && orderStatus(before.state) === orderStatus(after.state);
  const known: OrderNotes = {
    ...(notes ?? { shares: [], refunds: [], cancelled: [] }),
    statusSince: isSame && notes !== null ? notes.statusSince : placed.at,
  };
  if (before === null) return known;
  const asked = withAsked(known, before.state, placed);
  const captured = context.money.captured - before.state.context.money.captured;
  const refunded = context.money.refunded - before.state.context.money.refunded;
  if (captured > 0) return { ...asked, shares: captureShares(asked.shares, context, captured) };
  if (refunded <= 0) return asked;
  const { refundId } = placed.event.data as { refundId?: string };
  const weights = asked.refunds.find((refund) => refund.refundId === refundId)?.weights ?? [];
  return {
    ...asked,
    refunds: asked.refunds.filter((refund) => refund.refundId !== refundId),
    shares: refundShares(asked.shares, weights, refunded),
  };
}

interface AskedRefund {
  readonly refundId: string;
  readonly origin: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly retryOf: string | null;
}

/** Remembers by line what was cancelled, and what a refund is for. */
function withAsked(
  notes: OrderNotes,
  { context }: EntityState<OrderContext>,
  { event }: PlacedEvent,
): OrderNotes {
  const worths = (lines: AskedRefund["lines"]): LineWorth[] =>
    lines.map((line) => ({ lineId: line.lineId, minor: worthOf(context, [line]) }));
  if (event.type === "OrderLinesCancelled") {
    const { lines } = event.data as AskedRefund;
    return { ...notes, cancelled: [...notes.cancelled, ...worths(lines)] };
  }
  if (event.type !== "RefundRequested") return notes;
  const { refundId, origin, lines, retryOf } = event.data as AskedRefund;
  const retried = notes.refunds.find((refund) => refund.refundId === retryOf);
  const isForCancelled = origin === "CANCELLED_LINES";
  const weights = retried?.weights ?? (isForCancelled ? [...notes.cancelled] : worths(lines));
  return {
    ...notes,
    cancelled: isForCancelled ? [] : notes.cancelled,
    refunds: [
      ...notes.refunds.filter((refund) => refund !== retried),
      { refundId, weights: weights.filter(({ minor }) => minor > 0) },
    ],
  };
}

/** What was taken falls to the lines by what is left of each. */
function captureShares(
  shares: readonly LineShare[],
  context: OrderContext,
  captured: number,
): LineShare[] {
  const totals = orderTotals(context);
  const weights = context.lines.map((line, index) => {
    const total = totals?.lines[index]?.total ?? 0;
    return Number((BigInt(total) * BigInt(line.ordered - line.cancelled)) / BigInt(line.ordered));
  });
  const known = new Map(shares.map((share) => [share.lineId, share]));
  const parts = split(captured, weights);
  for (const [index, { lineId, sku, category }] of context.lines.entries()) {
    const share = known.get(lineId) ?? { lineId, sku, category, captured: 0, refunded: 0 };
    known.set(lineId, { ...share, captured: share.captured + (parts[index] ?? 0) });
  }
  return [...known.values()];
}

/**
 * What was paid back falls to the lines it was for, and beyond what was taken for these to the
 * others, so that no line ever has less than nothing.
 */
function refundShares(
  shares: readonly LineShare[],
  weights: readonly LineWorth[],
  refunded: number,
): LineShare[] {
  const wanted = shares.map(({ lineId }) =>
    weights.reduce((sum, weight) => sum + (weight.lineId === lineId ? weight.minor : 0), 0),
  );
  const isForSome = wanted.some((minor) => minor > 0);
  const first = isForSome
    ? spread(shares, refunded, wanted)
    : { shares: [...shares], over: refunded };
  const kept = first.shares.map((share) => share.captured - share.refunded);
  return first.over === 0 ? first.shares : spread(first.shares, first.over, kept).shares;
}

/** Gives each line its part, at most what is left of it; what goes over is said. */
function spread(
  shares: readonly LineShare[],
  minor: number,
  weights: readonly number[],
): { readonly shares: LineShare[]; readonly over: number } {
  const parts = split(minor, weights);
  let over = 0;
  const after = shares.map((share, index) => {
    const part = Math.min(parts[index] ?? 0, share.captured - share.refunded);
    over += (parts[index] ?? 0) - part;
    return { ...share, refunded: share.refunded + part };
  });
  return { shares: after, over };
}

function split(minor: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  return allocate({ minor, currency: "" }, weights).map((part) => part.minor);
}
