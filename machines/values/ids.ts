import { v5 } from "uuid";

// A namespace per kind keeps the ids of different kinds apart; changing one orphans what is stored.
const COMMAND = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a01";
const PRODUCT = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a02";
const ORDER = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a03";
const LINE = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a04";
const ATTEMPT = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a05";
const REFUND = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a06";
const SHIPMENT = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a07";
const RETURN = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a08";
const REACTION = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a09";
const TIMER = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a0a";
const NOTICE = "5c8a1d5e-0c1f-4f0e-9d56-5a0f5c1e7a0b";

/** The command id of one person's idempotency key: the same two always make the same command. */
export function commandIdFor(subject: string, idempotencyKey: string): string {
  return v5(JSON.stringify([subject, idempotencyKey]), COMMAND);
}

/** The product of a SKU in its normal form. */
export function productIdOf(sku: string): string {
  return v5(sku, PRODUCT);
}

/** The order of an order number in its normal form. */
export function orderIdOf(orderNumber: string): string {
  return v5(orderNumber, ORDER);
}

/** The id of the line that a command adds at an index. */
export function lineIdOf(commandId: string, index: number): string {
  return v5(`${commandId.toLowerCase()}/${String(index)}`, LINE);
}

/** The n-th payment attempt of an order; the provider knows the attempt by this key. */
export function attemptIdOf(orderNumber: string, count: number): string {
  return v5(`${orderNumber}/${String(count)}`, ATTEMPT);
}

/** The n-th refund of an order; the provider knows the refund by this key. */
export function refundIdOf(orderNumber: string, count: number): string {
  return v5(`${orderNumber}/${String(count)}`, REFUND);
}

/** The n-th shipment of an order. */
export function shipmentIdOf(orderNumber: string, count: number): string {
  return v5(`${orderNumber}/${String(count)}`, SHIPMENT);
}

/** The n-th return of an order. */
export function returnIdOf(orderNumber: string, count: number): string {
  return v5(`${orderNumber}/${String(count)}`, RETURN);
}

/** The id of the command that an event leads to, however often and by whomever it is sent. */
export function reactionIdOf(
  eventId: string,
  { entityId, command, part }: { entityId: string; command: string; part: string | null },
): string {
  return v5(JSON.stringify([eventId, entityId, command, part]), REACTION);
}

/** The id of the command that a timer sends, however often it fires. */
export function timerCommandIdOf(timerId: string): string {
  return v5(timerId, TIMER);
}

/** The id of the command that a provider's notice leads to, however often it is delivered. */
export function noticeCommandIdOf(
  noticeId: string,
  { orderId, call, key }: { orderId: string; call: string; key: string },
): string {
  return v5(JSON.stringify([noticeId, orderId, call, key]), NOTICE);
}
