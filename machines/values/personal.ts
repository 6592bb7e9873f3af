import { z } from "zod";
import { isCountry } from "./country.ts";

declare const mark: unique symbol;

/** What only a type knows of a schema that `personal` has marked. */
export interface PersonalMark {
  readonly [mark]: true;
}

interface Marked {
  readonly countryOf: (fields: object) => string;
}

const marked = z.registry<Marked>();

/**
 * Marks an object of personal fields that stands at the top of a command's input. A client sends it
 * open; the gateway seals it as one, so that commands, events and states hold `sealedPersonal`.
 * `countryOf` says the one thing of it that stays readable, because taxes and parcels ask for it.
 */
export function personal<Schema extends z.ZodObject>(
  schema: Schema,
  countryOf: (fields: z.output<Schema>) => string,
): Schema & PersonalMark {
  const about: Marked = { countryOf: (fields) => countryOf(fields as z.output<Schema>) };
  marked.add(schema, about);
  return schema as Schema & PersonalMark;
}

/** Whether a schema was marked by `personal`. */
export function isPersonal(schema: z.ZodType): boolean {
  return marked.has(schema);
}

/** A field of an input that is to be sealed, and how its country is found. */
export interface PersonalField extends Marked {
  readonly key: string;
}

/** The fields of an input that are to be sealed. */
export function personalFields(input: z.ZodObject): readonly PersonalField[] {
  return Object.entries(input.shape).flatMap(([key, schema]) => {
    const about = marked.get(schema as z.ZodType);
    return about === undefined ? [] : [{ key, countryOf: about.countryOf }];
  });
}

const SEALED_LENGTH_MAX = 16_384;

/**
 * Personal fields as everybody but the gateway and the search sees them: opaque, copied as they
 * are. `key` names the customer's key; privacy/ alone knows what is in `sealed`.
 */
export const sealedPersonal = z.object({
  v: z.literal(1),
  key: z.uuid(),
  sealed: z
    .string()
    .max(SEALED_LENGTH_MAX)
    .regex(/^[A-Za-z0-9_-]+$/),
  country: z.string().refine(isCountry),
});

export type SealedPersonal = z.output<typeof sealedPersonal>;

/**
 * What the gateway puts in the place of personal fields that it could not seal. It is the entity
 * that refuses them, so that a repeat of an accepted command is still answered from the log.
 */
export const unsealedPersonal = z.object({
  unsealed: z.enum(["CUSTOMER_ERASED", "ENTITY_UNKNOWN"]),
});

export type UnsealedPersonal = z.output<typeof unsealedPersonal>;
