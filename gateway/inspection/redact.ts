/** What stands in the place of what is not shown. */
const HIDDEN = "[redacted]";

/** Fields that say who a person is or are a key to their money, wherever they stand. */
const HIDDEN_KEYS: ReadonlySet<string> = new Set([
  "personal",
  "addressChange",
  "customerId",
  "token",
  "label",
]);
/** Fields that hold a code or what somebody has typed; the typed words are not shown. */
const TYPED_KEYS: ReadonlySet<string> = new Set(["note", "reason"]);
const CODE = /^[A-Z][A-Z0-9_]*$/;

/**
 * A replacer for `JSON.stringify` that hides what is personal. A frame may leave the house, into
 * Stately's viewer, so it hides more than an operator may see elsewhere: the customer's id, too,
 * which a shop may have made of an address.
 */
export function redact(key: string, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (HIDDEN_KEYS.has(key) || isSealed(value)) return HIDDEN;
  return TYPED_KEYS.has(key) && typeof value === "string" && !CODE.test(value) ? HIDDEN : value;
}

/** Sealed personal fields under a name that this file does not know. */
function isSealed(value: unknown): boolean {
  return typeof value === "object" && value !== null && "sealed" in value && "key" in value;
}
