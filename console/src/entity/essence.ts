/** Fields of an event's data that say in a word what it was about, wherever they stand in it. */
const telling = new Set([
  ...["sku", "name", "quantity", "delta", "onHand", "category"],
  ...["reason", "note", "code", "failure", "carrier", "number", "disposition"],
]);
const PARTS_MAX = 8;

/** The most telling fields of an event's data, such as "sku: TEA-1, quantity: 2"; may be empty. */
export function essenceOf(data: unknown): string {
  const parts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const isWord = typeof inner === "string" || typeof inner === "number";
      if (isWord && telling.has(key) && inner !== "") parts.push(`${key}: ${String(inner)}`);
      // Who it is about stands beside, and is nobody's business in a list.
      else if (key !== "personal") visit(inner);
    }
  };
  visit(data);
  return parts.slice(0, PARTS_MAX).join(", ");
}
