/**
 * What may happen to an order and a product: vocabulary (commands, events, values), statecharts and
 * the pure rules that turn a command into events or a refusal. Replay is the same machine fed with
 * the same events, so nothing here reads a clock, draws a number or touches the outside world.
 * Break that and a stored history no longer leads to the state it led to before.
 */
import type { Aggregate, AggregateName } from "./kernel/aggregate.ts";
import { orderAggregate } from "./order/aggregate.ts";
import { productAggregate } from "./product/aggregate.ts";

/** Every aggregate by name. */
export const aggregates: Readonly<Record<AggregateName, Aggregate>> = {
  order: orderAggregate,
  product: productAggregate,
};

export type {
  Aggregate,
  AggregateName,
  Caller,
  CommandDefinition,
  Decision,
  DomainCommand,
  DomainEvent,
  EntityState,
  Scope,
} from "./kernel/aggregate.ts";
export { activeStates, chartDefinition, chartGraph } from "./kernel/chart-graph.ts";
export type { ChartEdge, ChartGraph, ChartLabel, ChartNode } from "./kernel/chart-graph.ts";
export { decide } from "./kernel/decide.ts";
export { applyEvent, initialState, upcast } from "./kernel/fold.ts";
export { enteredAfter, timersOf } from "./kernel/timers.ts";
export type { EnteredVersions, Timer } from "./kernel/timers.ts";
export { allowedCommands } from "./kernel/permission.ts";
export type { CommandPermission } from "./kernel/permission.ts";
export type { Refusal } from "./kernel/refusal.ts";
export { orderAggregate } from "./order/aggregate.ts";
export { DEFAULT_POLICY, cancelReason, disposition } from "./order/fields.ts";
export type { CandidateLine, OrderPersonal, OrderPolicy } from "./order/fields.ts";
export { refundLimit } from "./order/rules/refund-order.ts";
export { isCaptured, isDead, isOutcomeUnknown, orderRegions, paymentState } from "./order/state.ts";
export type {
  OrderContext,
  OrderLine,
  OrderRefund,
  OrderReturn,
  PaymentAttempt,
} from "./order/state.ts";
export { isSettled, orderStatus, orderStatuses } from "./order/status.ts";
export type { OrderStatus } from "./order/status.ts";
export { amountDue, orderTotal, orderTotals, worthOf } from "./order/totals.ts";
export type { OrderTotals } from "./order/totals.ts";
export { productAggregate } from "./product/aggregate.ts";
export { stockPolicyKind } from "./product/fields.ts";
export { allReservations } from "./product/reservations.ts";
export type { Reservation } from "./product/reservations.ts";
export {
  isSellable,
  productAvailable,
  productRegions,
  productSellable,
  productStatus,
  productStatuses,
} from "./product/state.ts";
export type { ProductContext, ProductStatus } from "./product/state.ts";
export { reactionsOf, recordOf } from "./reactions.ts";
export type { CommandReaction, ProviderCall, ProviderReaction, Reaction } from "./reactions.ts";
export type { Address } from "./values/address.ts";
export { isCountry } from "./values/country.ts";
export { currencies, currencyDecimals } from "./values/currency.ts";
export {
  commandIdFor,
  lineIdOf,
  noticeCommandIdOf,
  orderIdOf,
  productIdOf,
  timerCommandIdOf,
} from "./values/ids.ts";
export { allocate, moneyDecimal } from "./values/money.ts";
export type { Money } from "./values/money.ts";
export { orderNumberOf, parseOrderNumber } from "./values/order-number.ts";
export { paymentMethod } from "./values/payment-method.ts";
export { isPersonal, personalFields } from "./values/personal.ts";
export type { PersonalField, SealedPersonal, UnsealedPersonal } from "./values/personal.ts";
export { sku } from "./values/sku.ts";
export { taxRate } from "./values/tax.ts";
export type { TaxRate } from "./values/tax.ts";
