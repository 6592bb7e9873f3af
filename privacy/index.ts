/**
 * What is personal: name, e-mail, phone and address of a customer, sealed with a key of their own
 * before anything else sees them. The room makes, wraps and destroys these keys, seals and opens,
 * and turns words into search tokens that lead back to nothing. It knows no order and no field.
 * Nothing is ever erased but a key: events, hashes and totals stay as they are, and what the key
 * has sealed can be read by nobody, wherever a copy of it lies. Break the tombstone, the durability
 * of a key before its first use or the bounded age of a cached one, and somebody's data is lost or
 * is kept against their will.
 */
export type { PrivacyErrorCode } from "./errors.ts";
export type { Erasure } from "./key-store.ts";
export { createPrivacy } from "./privacy.ts";
export type { ErasureNotices, Opened, Privacy, PrivacyOptions } from "./privacy.ts";
export type { Sealed } from "./sealed.ts";
