import { ProjectionError } from "./errors.ts";

const PREFIX_LENGTH_MIN = 2;
const PREFIX_LENGTH_MAX = 12;
/** Words of one row that can be searched for; what comes after them is not found. */
const WORDS_MAX = 200;
const ASKED_LENGTH_MAX = 200;
const ASKED_WORDS_MAX = 8;

/** Words without case and accents; what is neither letter nor digit parts them. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

/**
 * The tokens by which a row is found: the beginnings of its words (2 to 12 characters) and each
 * word itself. Sorted and once each, so that equal texts give equal rows.
 */
export function searchTokens(texts: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of wordsOf(text)) {
      if (words.size < WORDS_MAX) words.add(word);
    }
  }
  return [...new Set([...words].flatMap(tokensOf))].sort();
}

function tokensOf(word: string): string[] {
  const letters = Array.from(word);
  const tokens = [word];
  const last = Math.min(PREFIX_LENGTH_MAX, letters.length - 1);
  for (let length = PREFIX_LENGTH_MIN; length <= last; length += 1) {
    tokens.push(letters.slice(0, length).join(""));
  }
  return tokens;
}

/**
 * The words of what a person types, longest first, because that is the rarest as a rule. A word of
 * more than 12 characters must be complete. Throws `SEARCH_INVALID` with what to do instead.
 */
export function askedWords(text: string): readonly string[] {
  if (text.length > ASKED_LENGTH_MAX) {
    const message = `Search for at most ${ASKED_LENGTH_MAX} characters, not ${text.length}.`;
    throw new ProjectionError("SEARCH_INVALID", message);
  }
  const words = [...new Set(wordsOf(text))];
  if (words.length === 0) {
    throw new ProjectionError("SEARCH_INVALID", "Search for at least one letter or digit.");
  }
  if (words.length > ASKED_WORDS_MAX) {
    const message = `Search for at most ${ASKED_WORDS_MAX} words, not ${words.length}.`;
    throw new ProjectionError("SEARCH_INVALID", message);
  }
  return words.sort((left, right) => right.length - left.length || (left < right ? -1 : 1));
}
