import { LRUCache } from "lru-cache";
import type { Db } from "mongodb";
import type { Logger } from "pino";
import { PrivacyError } from "./errors.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { createKeyStore, type Erasure, type KeyStore } from "./key-store.ts";
import { createMasterKeys } from "./master-key.ts";
import { openRootSecret } from "./root-secret.ts";
import { createSearchTokens } from "./search-tokens.ts";
import { isSealed, openFields, sealFields, type Sealed } from "./sealed.ts";

/** How long a key that was read is good: a process that is not told of an erasure ends by this. */
const KEY_AGE_MAX_MS = 10_000;
/** Sealed values of which it was said that they cannot be opened. */
const FAULTS_REMEMBERED_MAX = 1_000;

/** Sealed values whose search tokens are kept in memory: making them costs more than all else. */
const TOKENS_CACHED_MAX = 10_000;

/** How the processes tell each other who was erased; a lost notice is harmless. */
export interface ErasureNotices {
  tell(customer: string): void;
  /** Calls back for every customer that any process tells of, until the returned function is. */
  listen(told: (customer: string) => void): () => void;
}

export interface PrivacyOptions {
  readonly db: Db;
  /** 32 bytes each in base64: the first wraps, the others open what they have wrapped. */
  readonly masterKeys: readonly string[];
  readonly notices?: ErasureNotices;
  readonly logger: Logger;
  readonly keyAgeMaxMs?: number;
}

/** What became of opening: `erased` for ever, `unreadable` for now or because it was damaged. */
export type Opened =
  { readonly kind: "open"; readonly fields: object } | { readonly kind: "erased" | "unreadable" };

/** Keeps what is personal unreadable, and forgets it. */
export interface Privacy {
  /**
   * Seals fields for a customer, with a key that is durable by then; null = they were erased.
   * `plain` is what stays readable. Throws `KEYS_UNAVAILABLE`: nothing was sealed, ask again.
   */
  seal<Plain extends object>(
    customer: string,
    content: { readonly fields: object; readonly plain: Plain },
  ): Promise<Sealed<Plain> | null>;
  /** Opens for reading; never throws. */
  open(customer: string, sealed: unknown): Promise<Opened>;
  /**
   * Search tokens of the texts that `textsOf` picks from sealed fields; none once they were erased
   * or when they are damaged. Throws `KEYS_UNAVAILABLE`, so that nothing stays unfound for ever.
   */
  searchTokens(
    customer: string,
    sealed: unknown,
    textsOf: (fields: object) => readonly string[],
  ): Promise<readonly string[]>;
  /** The tokens of the words that a person searches for; all of them must be there. */
  askedTokens(text: string): readonly string[];
  /** Destroys the customer's key, for ever, and tells every process. Throws `KEYS_UNAVAILABLE`. */
  erase(customer: string, by: string): Promise<Erasure>;
  /** Who was erased and may still have tokens somewhere; see `forgotten`. */
  pending(): Promise<readonly { readonly customer: string; readonly erasedAt: Date }[]>;
  /** No token of the customer is left, and none can come back. */
  forgotten(customer: string): Promise<void>;
  /** After this time no process uses a key that was destroyed before. */
  readonly keyAgeMaxMs: number;
  close(): Promise<void>;
}

/**
 * Opens the keys of a database. Throws `MASTER_KEY_INVALID` or `MASTER_KEY_WRONG` with a sentence
 * for the operator, or `KEYS_UNAVAILABLE`.
 */
export async function createPrivacy(options: PrivacyOptions): Promise<Privacy> {
  const { db, notices, logger, keyAgeMaxMs = KEY_AGE_MAX_MS } = options;
  const masterKeys = createMasterKeys(options.masterKeys);
  const store = createKeyStore(db, masterKeys);
  const tokens = createSearchTokens(await openRootSecret(db, masterKeys));
  await store.prepare();
  if (options.masterKeys.length > 1) rewrapAll(store, logger);
  const ring = createKeyRing(store, keyAgeMaxMs);
  const open = createOpener(ring, logger);
  const tokensMade = new LRUCache<string, readonly string[]>({ max: TOKENS_CACHED_MAX });
  const stopListening = notices?.listen((customer) => ring.forget(customer));
  return {
    keyAgeMaxMs,
    async seal(customer, content) {
      const key = await ring.ensure(customer);
      if (key === null) return null;
      const { id, bytes } = key;
      if (bytes === null) throw new PrivacyError("KEYS_UNAVAILABLE", "A key cannot be unwrapped");
      return sealFields({ id, bytes }, customer, content);
    },
    async open(customer, sealed) {
      try {
        return await open(customer, sealed);
      } catch {
        return { kind: "unreadable" };
      }
    },
    async searchTokens(customer, sealed, textsOf) {
      // Asked for at every event of an order, whose personal fields hardly ever change.
      const id = isSealed(sealed) ? JSON.stringify([customer, sealed.sealed]) : "";
      const made = tokensMade.get(id);
      if (made !== undefined && (await ring.find(customer)) !== null) return made;
      const opened = await open(customer, sealed);
      if (opened.kind !== "open") return [];
      const fresh = tokens.of(textsOf(opened.fields));
      tokensMade.set(id, fresh);
      return fresh;
    },
    askedTokens: (text) => tokens.asked(text),
    async erase(customer, by) {
      const erasure = await store.erase(customer, by);
      ring.forget(customer);
      notices?.tell(customer);
      // Who it was is in the tombstone; a log is copied to where nobody erases anything.
      logger.info({ outcome: erasure.outcome }, "customer erased");
      return erasure;
    },
    pending: () => store.pending(),
    forgotten: (customer) => store.forgotten(customer),
    close() {
      stopListening?.();
      return Promise.resolve();
    },
  };
}

/** In the background: until it is through, the other master key opens what it has wrapped. */
function rewrapAll(store: KeyStore, logger: Logger): void {
  store.rewrap().then(
    (keys) => logger.info({ keys }, "every customer's key is wrapped by STATECART_MASTER_KEY"),
    (err: unknown) => logger.warn({ err }, "not every key is wrapped anew: start again for it"),
  );
}

/** Opens sealed fields; throws only while keys cannot be read. Says once what is damaged. */
function createOpener(ring: KeyRing, logger: Logger) {
  const faults = new LRUCache<string, true>({ max: FAULTS_REMEMBERED_MAX });

  function unreadable(sealed: unknown, reason: string): Opened {
    const about = isSealed(sealed) ? { key: sealed.key } : {};
    const id = isSealed(sealed) ? sealed.sealed : reason;
    if (!faults.has(id)) logger.error({ ...about, reason }, "personal fields cannot be opened");
    faults.set(id, true);
    return { kind: "unreadable" };
  }

  return async (customer: string, sealed: unknown): Promise<Opened> => {
    if (!isSealed(sealed)) return unreadable(sealed, "they have not the sealed form");
    const key = await ring.find(customer);
    if (key === null) return { kind: "erased" };
    if (key === undefined) return unreadable(sealed, "their customer has no key");
    const { id, bytes } = key;
    if (bytes === null) return unreadable(sealed, "no master key unwraps their key");
    const fields = openFields({ id, bytes }, customer, sealed);
    return fields === null
      ? unreadable(sealed, "they are not what was sealed, or not for this customer")
      : { kind: "open", fields };
  };
}
