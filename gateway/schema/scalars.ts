import { GraphQLError, Kind } from "graphql";
import type { ValueNode } from "graphql";
import { z } from "zod";

/** A scalar as Pothos takes it: the same check for what comes in, text and variable alike. */
interface ScalarDefinition<Value> {
  readonly description: string;
  readonly serialize: (value: Value) => Value;
  readonly parseValue: (value: unknown) => Value;
  readonly parseLiteral?: (node: ValueNode) => Value;
}

const CURSOR_LENGTH_MAX = 1_024;

/** ISO 8601 in UTC. Stored times are in this form already. */
export const dateTime = checked(
  z.iso
    .datetime("must be a moment in UTC such as 2026-11-23T12:00:00.000Z")
    .transform((text) => new Date(text).toISOString()),
  "A moment in time: ISO 8601 in UTC, such as 2026-11-23T12:00:00.000Z.",
);

/** A day of the calendar, in UTC. */
export const day = checked(
  z.iso.date("must be a day such as 2026-11-23"),
  "A day of UTC: ISO 8601, such as 2026-11-23.",
);

/** The id of an entity, in lower case. */
export const uuid = checked(
  z.guid("must be a UUID such as 5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01").toLowerCase(),
  "A UUID such as 5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01.",
);

const wholeNumber = z.int("must be a whole number of at most 53 bits");

/** Money does not fit into the 32 bits of Int. */
export const safeInt = {
  ...checked(wholeNumber, "A whole number of up to 53 bits: -(2^53 - 1) to 2^53 - 1."),
  parseLiteral: (node: ValueNode) => {
    if (node.kind === Kind.INT) return refusing(wholeNumber, Number(node.value));
    throw new GraphQLError("must be a whole number", { nodes: node });
  },
};

/** A place in a list or a live feed. Only the projections look inside. */
export const cursor = checked(
  z.string().min(1).max(CURSOR_LENGTH_MAX),
  "A place in a list or a live feed: keep it as it is and send it back as `after` to go on there.",
);

/** Structured data whose shape depends on where it stands; only ever sent, never taken. */
export const json = {
  description: "Structured data whose shape depends on where it stands, such as a state.",
  serialize: (value: unknown): unknown => value,
  parseValue: (): never => {
    throw new GraphQLError("JSON is an output only");
  },
};

function checked<Value extends string | number>(
  schema: z.ZodType<Value>,
  description: string,
): ScalarDefinition<Value> {
  return {
    description,
    serialize: (value) => value,
    parseValue: (value) => refusing(schema, value),
  };
}

function refusing<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GraphQLError(parsed.error.issues[0]?.message ?? "is not valid");
}
