import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** How long every key here is. */
export const KEY_BYTES = 32;

/** Encrypts under a fresh random IV: IV, ciphertext and tag in one. `bound` is not in it. */
export function encrypt(key: Buffer, plain: Buffer, bound: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound));
  const body = [iv, cipher.update(plain), cipher.final()];
  return Buffer.concat([...body, cipher.getAuthTag()]);
}

/** What was encrypted, or null: another key, another `bound`, or not a byte as it was. */
export function decrypt(key: Buffer, sealed: Buffer, bound: string): Buffer | null {
  if (sealed.length < IV_BYTES + TAG_BYTES) return null;
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const body = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch {
    return null;
  }
}
