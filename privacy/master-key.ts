import { createHmac, hkdfSync } from "node:crypto";
import { decrypt, encrypt, KEY_BYTES } from "./cipher.ts";
import { PrivacyError } from "./errors.ts";

/** A key as it is stored: under which master key, and what came of it. */
export interface Wrapped {
  readonly master: string;
  readonly bytes: Buffer;
}

/** The configured master keys: the first wraps, all unwrap. */
export interface MasterKeys {
  /** The id of the key that wraps; tells nothing of the key. */
  readonly id: string;
  wrap(key: Buffer, owner: string): Wrapped;
  /** Null when no master key of ours has wrapped it, for this owner. */
  unwrap(wrapped: Wrapped, owner: string): Buffer | null;
}

/**
 * Reads master keys, each 32 bytes in base64 or hexadecimal digits. Throws `MASTER_KEY_INVALID`
 * with a sentence that does not quote the key.
 */
export function createMasterKeys(texts: readonly string[]): MasterKeys {
  const keys = texts.map(readKey).map((key) => ({
    id: createHmac("sha256", key).update("statecart master key id").digest("hex").slice(0, 12),
    // What wraps is derived, so that the key itself does one thing only.
    wrapping: Buffer.from(hkdfSync("sha256", key, "", "statecart wrap", KEY_BYTES)),
  }));
  const [first] = keys;
  if (first === undefined) throw new PrivacyError("MASTER_KEY_INVALID", "No master key is given");
  return {
    id: first.id,
    wrap: (key, owner) => ({ master: first.id, bytes: encrypt(first.wrapping, key, owner) }),
    unwrap({ master, bytes }, owner) {
      const known = keys.find(({ id }) => id === master);
      return known === undefined ? null : decrypt(known.wrapping, bytes, owner);
    },
  };
}

function readKey(text: string): Buffer {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  const key = Buffer.from(text, isHex ? "hex" : "base64");
  if (key.length === KEY_BYTES && /^[A-Za-z0-9+/_=-]+$/.test(text)) return key;
  throw new PrivacyError(
    "MASTER_KEY_INVALID",
    "STATECART_MASTER_KEY must be 32 random bytes in base64, such as `openssl rand -base64 32` " +
      "prints them",
  );
}
