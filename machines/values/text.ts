import { z } from "zod";

/**
 * Text from outside: trimmed, not empty unless said, at most `lengthMax` UTF-16 units. NUL and lone
 * surrogates are refused, because databases, JSON and hashes disagree about them.
 */
export function text(lengthMax: number, lengthMin = 1) {
  return z
    .string()
    .trim()
    .min(lengthMin)
    .max(lengthMax)
    .regex(/^[^\0\p{Surrogate}]*$/u, "must be well-formed text without NUL characters");
}
