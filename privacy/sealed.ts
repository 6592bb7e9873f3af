import { decrypt, encrypt } from "./cipher.ts";

/** Personal fields, unreadable without the customer's key; any other member is plain. */
export type Sealed<Plain extends object = object> = Plain & {
  /** Of this form. */
  readonly v: 1;
  /** The id of the customer's key. */
  readonly key: string;
  /** IV, ciphertext and tag, in base64url. */
  readonly sealed: string;
};

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Seals fields for a customer; nobody can move them to another or change what stays plain. */
export function sealFields<Plain extends object>(
  { id, bytes }: Key,
  customer: string,
  { fields, plain }: { readonly fields: object; readonly plain: Plain },
): Sealed<Plain> {
  const bound = boundTo(customer, id, plain);
  const sealed = encrypt(bytes, Buffer.from(JSON.stringify(fields)), bound);
  return { v: 1, key: id, sealed: sealed.toString("base64url"), ...plain };
}

/** The fields; null when this key never sealed them for this customer as they are. */
export function openFields({ id, bytes }: Key, customer: string, given: Sealed): object | null {
  if (given.key !== id) return null;
  const own = ["v", "key", "sealed"];
  const plain = Object.fromEntries(Object.entries(given).filter(([name]) => !own.includes(name)));
  const bound = boundTo(customer, id, plain);
  const text = decrypt(bytes, Buffer.from(given.sealed, "base64url"), bound);
  return text === null ? null : (JSON.parse(text.toString("utf8")) as object);
}

/** Whether a value has the sealed form; what it seals is another question. */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const { v, key, sealed } = value as Partial<Sealed>;
  return v === 1 && typeof key === "string" && typeof sealed === "string";
}

function boundTo(customer: string, key: string, plain: object): string {
  const sorted = Object.entries(plain).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(["statecart personal", 1, customer, key, sorted]);
}
