import { createPublicKey } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Logger } from "pino";
import { z } from "zod";

/** Keys smaller than this are refused, as RFC 7518 section 3.3 demands for RS256. */
const MODULUS_BITS_MIN = 2_048;
const KEYS_MAX = 100;

const jwksSchema = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.string(),
        kid: z.string().min(1).max(200).optional(),
        use: z.string().optional(),
        alg: z.string().optional(),
      }),
    )
    .min(1)
    .max(KEYS_MAX),
});

/** The public keys that may have signed a token. */
export interface KeyRing {
  /** The key a token names, or the only one when it names none. Null when there is none. */
  find(kid: string | undefined): Promise<KeyObject | null>;
  /** Counts reloads: what was judged under an older generation is judged anew. */
  readonly generation: number;
}

interface KeyRingOptions {
  /** PEM (one public key) or JWKS (several, by `kid`). */
  readonly file: string;
  readonly logger: Logger;
  /** Least time between two looks at the file. */
  readonly reloadIntervalMs?: number;
}

/** The key file cannot be used; the message is one sentence that names the file and the reason. */
class KeyFileInvalid extends Error {
  readonly code = "KEY_FILE_INVALID";
}

/** Null as a `kid` stands for a PEM key, which answers to any name. */
type Keys = ReadonlyMap<string | null, KeyObject>;

/**
 * Reads the key file, and again when it changes or a token names an unknown key, at most once per
 * interval. Throws `KEY_FILE_INVALID` when the first reading fails; a later failure keeps the keys
 * that were there and is logged.
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { file, logger, reloadIntervalMs = 30_000 } = options;
  let keys = await loadKeys(file);
  let changedAt = await modifiedAt(file);
  let lookedAt = Date.now();
  let generation = 0;
  let look: Promise<void> | null = null;

  const reload = async (): Promise<void> => {
    try {
      const seen = await modifiedAt(file);
      if (seen === changedAt) return;
      keys = await loadKeys(file);
      changedAt = seen;
      generation += 1;
      logger.info({ file, keys: keys.size }, "token keys were read again");
    } catch (err) {
      logger.error({ err, file }, "token keys could not be read again; the old ones stay");
    }
  };
  const lookAgain = async (): Promise<void> => {
    if (look === null && Date.now() - lookedAt >= reloadIntervalMs) {
      lookedAt = Date.now();
      look = reload().finally(() => {
        look = null;
      });
    }
    await look;
  };

  return {
    get generation() {
      return generation;
    },
    async find(kid) {
      await lookAgain();
      return keys.get(null) ?? pick(keys, kid);
    },
  };
}

function pick(keys: Keys, kid: string | undefined): KeyObject | null {
  if (kid !== undefined) return keys.get(kid) ?? null;
  const [only] = keys.values();
  return keys.size === 1 ? (only ?? null) : null;
}

async function modifiedAt(file: string): Promise<number> {
  return (await stat(file)).mtimeMs;
}

async function loadKeys(file: string): Promise<Keys> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new KeyFileInvalid(`The key file ${file} cannot be read.`, { cause });
  }
  const keys = text.trimStart().startsWith("{") ? fromJwks(file, text) : fromPem(file, text);
  for (const key of keys.values()) {
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType === "rsa" && bits >= MODULUS_BITS_MIN) continue;
    throw new KeyFileInvalid(`The key file ${file} must hold RSA keys of 2048 bits or more.`);
  }
  return keys;
}

function fromPem(file: string, text: string): Keys {
  if (text.includes("PRIVATE KEY")) {
    throw new KeyFileInvalid(`The key file ${file} holds a private key; only public keys belong.`);
  }
  try {
    return new Map([[null, createPublicKey(text)]]);
  } catch (cause) {
    throw new KeyFileInvalid(`The key file ${file} is neither a PEM public key nor a JWKS.`, {
      cause,
    });
  }
}

function fromJwks(file: string, text: string): Keys {
  const keys = new Map<string | null, KeyObject>();
  try {
    for (const jwk of jwksSchema.parse(JSON.parse(text)).keys) {
      if ("d" in jwk) throw new Error("it holds a private key");
      if (jwk.kty !== "RSA" || (jwk.use ?? "sig") !== "sig") continue;
      if ((jwk.alg ?? "RS256") !== "RS256") continue;
      if (jwk.kid === undefined) throw new Error("a key has no kid");
      if (keys.has(jwk.kid)) throw new Error(`kid ${jwk.kid} is there twice`);
      keys.set(jwk.kid, createPublicKey({ key: jwk as JsonWebKey, format: "jwk" }));
    }
    if (keys.size === 0) throw new Error("no key is for RS256 signatures");
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new KeyFileInvalid(`The key file ${file} is no usable JWKS: ${reason}.`, { cause });
  }
  return keys;
}
