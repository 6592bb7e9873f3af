import { createHash } from "node:crypto";

// Crockford's base32 leaves out I, L, O and U, so that numbers can be read aloud and typed.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS = 15;
const BITS_PER_DIGIT = 5n;
const FIELD_POLYNOMIAL = 0b100101;

/** The number of the order that a command creates: 75 bits of its sha256 and a check character. */
export function orderNumberOf(commandId: string): string {
  const hash = createHash("sha256").update(commandId.toLowerCase()).digest();
  let bits = hash.readBigUInt64BE(0) * 2048n + BigInt(hash.readUInt16BE(8) >> 5);
  const digits: number[] = [];
  for (let index = 0; index < DIGITS; index += 1) {
    digits.unshift(Number(bits & 31n));
    bits >>= BITS_PER_DIGIT;
  }
  return grouped([...digits, checkDigit(digits)]);
}

/** The normal form of an order number as a person typed it, or null when it cannot be one. */
export function parseOrderNumber(typed: string): string | null {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, "");
  const digits = Array.from(plain.replaceAll("O", "0").replaceAll(/[IL]/g, "1"), (character) =>
    ALPHABET.indexOf(character),
  );
  const isWhole = digits.length === DIGITS + 1 && digits.every((digit) => digit >= 0);
  if (!isWhole || checkDigit(digits.slice(0, DIGITS)) !== digits[DIGITS]) return null;
  return grouped(digits);
}

function grouped(digits: readonly number[]): string {
  const characters = digits.map((digit) => ALPHABET.charAt(digit)).join("");
  return characters.replaceAll(/(.{4})(?=.)/g, "$1-");
}

/**
 * A polynomial over GF(32): every position has a weight of its own, a power of the field's
 * generator, so that any one wrong character and any two that changed places are noticed.
 */
function checkDigit(digits: readonly number[]): number {
  return digits.reduce((check, digit) => timesGenerator(check ^ digit), 0);
}

function timesGenerator(element: number): number {
  const doubled = element << 1;
  return doubled > 31 ? doubled ^ FIELD_POLYNOMIAL : doubled;
}
