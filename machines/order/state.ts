import type { z } from "zod";
import type { EntityState } from "../kernel/aggregate.ts";
import type { Money } from "../values/money.ts";
import type { SealedPersonal } from "../values/personal.ts";
import type { PaymentMethod } from "../values/payment-method.ts";
import type { TaxRate } from "../values/tax.ts";
import type { TrackingInfo } from "../values/tracking.ts";
import type { LineQuantity, OrderPolicy, cancelReason } from "./fields.ts";

/** How far a line's stock is, as its product has told. */
type LineStock =
  "waiting" | "requested" | "reserved" | "refused" | "committing" | "committed" | "declined";

/** One line. Quantities are counters of units; `ordered` is what the customer asked for. */
export interface OrderLine {
  readonly lineId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly unitPrice: Money;
  /** Whether it came after the creation: it goes alone when its product refuses it. */
  readonly isAdded: boolean;
  readonly stock: LineStock;
  readonly refusal: {
    readonly code: string;
    readonly requested: number;
    readonly available: number;
  } | null;
  readonly ordered: number;
  /** Held for this line by its product; those of `releasing` and those shipped included. */
  readonly reserved: number;
  readonly backordered: number;
  /** Release requested and not answered. */
  readonly releasing: number;
  readonly shipped: number;
  /** Shipped, and taken out of stock by the product. */
  readonly consumed: number;
  readonly delivered: number;
  readonly cancelled: number;
  /** Requested or approved to come back, and not received. */
  readonly returnRequested: number;
  readonly returned: number;
  /** Paid back by line. */
  readonly refunded: number;
}

/** The payment attempt that counts; earlier ones have ended. `minor` is frozen by its request. */
export interface PaymentAttempt {
  readonly attemptId: string;
  readonly method: PaymentMethod;
  readonly minor: number;
  readonly isAuthorised: boolean;
  readonly captureMinor: number;
  readonly authorisedUntil: string | null;
  readonly actionUrl: string | null;
  readonly actionExpiresAt: string | null;
  readonly retryAt: string | null;
  /** Calls in a row without an outcome. */
  readonly unknowns: number;
  readonly failure: string | null;
}

export interface OrderRefund {
  readonly refundId: string;
  readonly attemptId: string;
  readonly minor: number;
  readonly reason: string;
  readonly status: "REQUESTED" | "UNKNOWN" | "REFUNDED" | "FAILED" | "RETRIED";
  readonly retryAt: string | null;
  readonly unknowns: number;
}

/** Sums over the order's life, in minor units of its currency. */
export interface MoneyLedger {
  readonly authorised: number;
  readonly voided: number;
  readonly captured: number;
  readonly refundPending: number;
  /** Captured or about to be, for units cancelled since; not requested back yet. */
  readonly owed: number;
  readonly refunded: number;
  /** What cancelled units were worth. */
  readonly cancelled: number;
}

export interface OrderReturn {
  readonly returnId: string;
  readonly status: "REQUESTED" | "APPROVED" | "DECLINED" | "RECEIVED";
  readonly reason: string;
  readonly lines: readonly (LineQuantity & { readonly received: number })[];
}

/** All that an order's events add up to. Texts are empty before the order is created. */
export interface OrderContext {
  readonly orderNumber: string;
  readonly customerId: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  /** Removed, with stock that is not given back yet. */
  readonly leaving: readonly OrderLine[];
  readonly discounts: readonly { readonly code: string; readonly minor: number }[];
  readonly taxes: readonly TaxRate[];
  readonly policy: OrderPolicy;
  readonly money: MoneyLedger;
  readonly attempt: PaymentAttempt | null;
  readonly attemptCount: number;
  readonly refunds: readonly OrderRefund[];
  readonly shipments: readonly {
    readonly shipmentId: string;
    readonly tracking: TrackingInfo | null;
    readonly lines: readonly LineQuantity[];
    readonly shippedAt: string;
  }[];
  readonly returns: readonly OrderReturn[];
  readonly holdReason: string | null;
  /** As it came with the creation: `OrderPersonal`, sealed. */
  readonly personal: SealedPersonal | null;
  /** That of the latest change of address, sealed: its address wins over that of the creation. */
  readonly addressChange: SealedPersonal | null;
  /** Why the order was never accepted. */
  readonly rejection: {
    readonly code: string;
    readonly sku?: string | undefined;
    readonly requested?: number | undefined;
    readonly available?: number | undefined;
    readonly rejectedAt: string;
  } | null;
  readonly cancellation: {
    readonly reason: z.output<typeof cancelReason>;
    readonly note?: string | undefined;
    /** Null while its compensation goes on. */
    readonly cancelledAt: string | null;
  } | null;
  /** When what is not paid ends; a later failure of the payment sets it anew. */
  readonly expiresAt: string;
  readonly createdAt: string;
}

export type OrderState = EntityState<OrderContext>;

type Call = Readonly<Partial<Record<"authorising" | "capturing" | "voiding", "asked" | "unknown">>>;

/** The states of the regions, as in `machine.ts`. */
interface OrderRegions {
  readonly lifecycle:
    | "none"
    | "pending"
    | "confirmed"
    | "completed"
    | "rejected"
    | "expired"
    | "cancelling"
    | "cancelled";
  readonly reservation:
    | "none"
    | "reserving"
    | "reserved"
    | "backordered"
    | "refused"
    | "committed"
    | "consumed"
    | "releasing"
    | "released";
  readonly payment:
    | "unpaid"
    | "requested"
    | "requiresAction"
    | "authorised"
    | "captured"
    | "partiallyRefunded"
    | "refunded"
    | "failed"
    | "voided"
    | Call;
  readonly fulfilment: "unfulfilled" | "partiallyShipped" | "shipped" | "delivered" | "cancelled";
  readonly returns: "none" | "requested" | "approved" | "received";
  readonly hold: "clear" | "held";
}

/** The statechart's value, typed. */
export function orderRegions(state: OrderState): OrderRegions {
  return state.value as unknown as OrderRegions;
}

type PaymentState = Extract<OrderRegions["payment"], string> | keyof Call;

/** The state of the payment region without the question whether a call is asked or unknown. */
export function paymentState(state: OrderState): PaymentState {
  const { payment } = orderRegions(state);
  return typeof payment === "string" ? payment : (Object.keys(payment)[0] as keyof Call);
}

/** Whether the last report on a call under way was that its outcome is not known. */
export function isOutcomeUnknown(state: OrderState): boolean {
  const { payment } = orderRegions(state);
  return typeof payment !== "string" && Object.values(payment)[0] === "unknown";
}

/** Whether nothing may go on but giving back what was taken. */
export function isDead(state: OrderState): boolean {
  const { lifecycle } = orderRegions(state);
  return (
    lifecycle === "rejected" ||
    lifecycle === "expired" ||
    lifecycle === "cancelling" ||
    lifecycle === "cancelled"
  );
}

/** Whether money was taken, whatever went back since. */
export function isCaptured(state: OrderState): boolean {
  const payment = paymentState(state);
  return payment === "captured" || payment === "partiallyRefunded" || payment === "refunded";
}
