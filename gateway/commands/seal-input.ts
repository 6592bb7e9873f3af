import { personalFields } from "../../machines/index.ts";
import type { SealedPersonal, UnsealedPersonal } from "../../machines/index.ts";
import type { Privacy } from "../../privacy/index.ts";
import type { z } from "zod";

interface Open {
  readonly schema: z.ZodObject;
  /** As `schema` has parsed it. */
  readonly input: object;
  /** Whom its personal fields are about; undefined = nobody who is known. */
  readonly customerId: string | undefined;
}

/**
 * The input with its personal fields sealed for the customer: from here on nothing sees them. What
 * cannot be sealed is replaced by the reason, for the actor to refuse. Throws `KEYS_UNAVAILABLE`.
 */
export async function sealInput(
  { schema, input, customerId }: Open,
  privacy: Pick<Privacy, "seal">,
): Promise<object> {
  const sealed: Record<string, SealedPersonal | UnsealedPersonal> = {};
  for (const { key, countryOf } of personalFields(schema)) {
    const fields = (input as Readonly<Record<string, object | undefined>>)[key];
    if (fields === undefined) continue;
    if (customerId === undefined) {
      sealed[key] = { unsealed: "ENTITY_UNKNOWN" };
      continue;
    }
    const plain = { country: countryOf(fields) };
    sealed[key] = (await privacy.seal(customerId, { fields, plain })) ?? {
      unsealed: "CUSTOMER_ERASED",
    };
  }
  return { ...input, ...sealed };
}
