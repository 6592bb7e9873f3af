import { orderRegions, paymentState } from "../../machines/index.ts";
import type { OrderContext } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import type { CommandError } from "./command-errors.ts";

type View = EntityView<OrderContext>;

/** An order right after a command, and when all that the command started had ended. */
interface Course {
  readonly command: string;
  readonly accepted: View;
  readonly settled: View;
}

/**
 * What became of a command that was accepted and failed in its coordination: the order was
 * rejected, the added line or the payment or the refund was refused. Empty when all went well.
 */
export function settledErrors(course: Course): readonly CommandError[] {
  const error = rejection(course) ?? special[course.command]?.(course) ?? null;
  return error === null ? [] : [error];
}

function rejection({ settled: { state } }: Course): CommandError | null {
  const { rejection: found } = state.context;
  if (orderRegions(state).lifecycle !== "rejected" || found === null) return null;
  const { code, sku, requested, available } = found;
  if (code === "PAYMENT_DECLINED") return paymentDeclined(state.context);
  const isStock = code === "INSUFFICIENT_STOCK";
  if (!isStock || sku === undefined || requested === undefined || available === undefined) {
    const what = sku === undefined ? "The order was rejected" : `${sku} could not be reserved`;
    return { kind: "OrderRejected", code, message: `${what}: ${code}.` };
  }
  const asked = `${String(requested)} were asked for`;
  const message = `Only ${String(available)} of ${sku} are there, ${asked}.`;
  return { kind: "InsufficientStock", code, message, sku, requested, available };
}

const special: Readonly<Partial<Record<string, (course: Course) => CommandError | null>>> = {
  AddOrderItem({ accepted, settled }) {
    const added = accepted.state.context.lines.at(-1);
    if (added === undefined) return null;
    const { lineId, sku } = added;
    if (settled.state.context.lines.some((line) => line.lineId === lineId)) return null;
    const message = `The line of ${sku} is not on the order any more.`;
    return { kind: "LineRefused", code: "LINE_REFUSED", message, sku };
  },
  ProcessPayment: ({ settled: { state } }) =>
    paymentState(state) === "failed" ? paymentDeclined(state.context) : null,
  RefundOrder: refundDeclined,
  RetryRefund: refundDeclined,
};

function paymentDeclined({ attempt, attemptCount, policy }: OrderContext): CommandError {
  const reason = attempt?.failure ?? "UNKNOWN";
  const attemptsLeft = Math.max(0, policy.attemptsMax - attemptCount);
  const message = `The payment was declined: ${reason}.`;
  return { kind: "PaymentDeclined", code: "PAYMENT_DECLINED", message, reason, attemptsLeft };
}

function refundDeclined({ accepted, settled }: Course): CommandError | null {
  const asked = accepted.state.context.refunds.at(-1);
  const found = settled.state.context.refunds.find((one) => one.refundId === asked?.refundId);
  if (found?.status !== "FAILED") return null;
  const { refundId } = found;
  const message = "The provider has refused the refund; it can be asked for again.";
  return { kind: "RefundDeclined", code: "REFUND_DECLINED", message, refundId };
}
