import { z } from "zod";

/** A stock keeping unit in its one normal form: upper case, at most 64 of `A-Z 0-9 . _ -`. */
export const sku = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "must be 1 to 64 letters, digits, dots, dashes or underscores",
  )
  .toUpperCase();
