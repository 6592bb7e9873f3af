import { createHmac, hkdfSync } from "node:crypto";

const KEY_BYTES = 32;
/** 72 bits: two words that share a token by chance will not be met. */
const TOKEN_BYTES = 9;
const PREFIX_LENGTH_MIN = 2;
const PREFIX_LENGTH_MAX = 16;
/** More words than this of one customer are not found; a name and an e-mail address have fewer. */
const WORDS_MAX = 16;

/** Search without reading: equal beginnings of words give equal tokens, and nothing leads back. */
export interface SearchTokens {
  /** The tokens under which texts are found: of each beginning of each word. Sorted, once each. */
  of(texts: readonly string[]): readonly string[];
  /** The tokens of what a person types, one for each word; all of them must be there. */
  asked(text: string): readonly string[];
}

/** Tokens under a key derived from the root secret. */
export function createSearchTokens(rootSecret: Buffer): SearchTokens {
  const key = Buffer.from(hkdfSync("sha256", rootSecret, "", "statecart search", KEY_BYTES));
  const tokenOf = (beginning: string): string =>
    createHmac("sha256", key)
      .update(beginning)
      .digest()
      .subarray(0, TOKEN_BYTES)
      .toString("base64url");
  return {
    of: (texts) =>
      [...new Set(texts.flatMap(wordsOf).slice(0, WORDS_MAX).flatMap(beginnings))]
        .map(tokenOf)
        .sort(),
    asked: (text) =>
      [...new Set(wordsOf(text))].slice(0, WORDS_MAX).map((word) => tokenOf(cut(word))),
  };
}

/** Words without case and accents; what is neither letter nor digit parts them. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

function beginnings(word: string): string[] {
  const letters = Array.from(word).slice(0, PREFIX_LENGTH_MAX);
  const first = Math.min(PREFIX_LENGTH_MIN, letters.length);
  return letters.slice(first - 1).map((_letter, index) => letters.slice(0, first + index).join(""));
}

function cut(word: string): string {
  return Array.from(word).slice(0, PREFIX_LENGTH_MAX).join("");
}
