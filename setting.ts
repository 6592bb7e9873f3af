import { z } from "zod";

/**
 * Every setting of Statecart, read once. A setting comes from its flag, else from its environment
 * variable, else from the file that the variable with `_FILE` appended names (secrets), else it has
 * its default. `docs/configuration.md` is generated from this table by `npm run docs`.
 */
export interface About {
  readonly env: string;
  readonly description: string;
  /** Never printed; also read from `<env>_FILE`. */
  readonly secret?: true;
}

export const about = z.registry<About>();

/** A whole number within bounds, given as text. */
export const whole = (min: number, max: number): z.ZodCoercedNumber => {
  const error = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z.coerce.number(error).int(error).min(min, error).max(max, error);
};
