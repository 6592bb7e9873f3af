import { z } from "zod";
import { builder } from "./builder.ts";

type NewInput = ReturnType<typeof builder.inputRef<Record<string, unknown>>>;
type InputRef = ReturnType<NewInput["implement"]>;
type EnumRef = ReturnType<typeof builder.enumType<string, readonly string[]>>;
type Scalar = "Boolean" | "DateTime" | "Float" | "Int" | "SafeInt" | "String" | "UUID";
type Leaf = Scalar | InputRef | EnumRef;
export type MirroredField =
  | { readonly type: Leaf; readonly required: boolean; readonly isList: false }
  | { readonly type: Leaf; readonly required: boolean; readonly isList: true };

const INT32_MAX = 2_147_483_647;

/** Where a schema stands: the field `key` of what is called `owner`. */
interface Place {
  readonly owner: string;
  readonly key: string;
}

/** Mirrors the fields of zod objects. */
export interface InputMirror {
  fieldsOf(schema: z.ZodObject, owner: string): Record<string, MirroredField>;
}

/**
 * Mirrors zod schemas into GraphQL input types, so that the shape of a command is written once.
 * GraphQL checks the shape, zod the rest. Each zod schema becomes one GraphQL type however often it
 * is met; its name is the one given for the field it stands under, else it tells where it was met.
 * An enum that is there already can be given by the field it stands under.
 * What has no counterpart in GraphQL throws here, at start, so that it fails the build and not a
 * request.
 */
export function createInputMirror(
  nameByField: Readonly<Record<string, string>>,
  enumByField: Readonly<Record<string, EnumRef>> = {},
): InputMirror {
  const mirrored = new Map<z.ZodType, InputRef | EnumRef>();

  const once = <Ref extends InputRef | EnumRef>(schema: z.ZodType, make: () => Ref): Ref => {
    const ref = (mirrored.get(schema) as Ref | undefined) ?? make();
    mirrored.set(schema, ref);
    return ref;
  };

  const objectRef = (schema: z.ZodObject, { owner, key }: Place): InputRef =>
    once(schema, () => {
      const place = owner + capitalised(key);
      const name = nameByField[key] ?? `${place}Input`;
      const fields = inputFields(fieldsOf(schema, place));
      return builder.inputRef<Record<string, unknown>>(name).implement({ fields });
    });

  const leafOf = (schema: z.ZodType, place: Place): Leaf => {
    if (schema instanceof z.ZodObject) return objectRef(schema, place);
    if (schema instanceof z.ZodEnum) {
      return once(schema, () => enumByField[place.key] ?? enumRef(schema, place));
    }
    return scalarOf(schema, place);
  };

  const fieldOf = (schema: z.ZodType, place: Place): MirroredField => {
    const { inner, required } = unwrap(schema);
    const isList = inner instanceof z.ZodArray;
    if (!isList) return { type: leafOf(inner, place), required, isList };
    const element = unwrap(inner.element as z.ZodType);
    if (!element.required) throw unmappable(place, "a list with gaps");
    return { type: leafOf(element.inner, place), required, isList };
  };

  const fieldsOf = (schema: z.ZodObject, owner: string): Record<string, MirroredField> =>
    Object.fromEntries(
      Object.entries(schema.shape).map(([key, field]) => [
        key,
        fieldOf(field as z.ZodType, { owner, key }),
      ]),
    );

  return { fieldsOf };
}

function enumRef(schema: z.ZodEnum, place: Place): EnumRef {
  const isName = (value: unknown): value is string =>
    typeof value === "string" && /^[A-Z][A-Z0-9_]*$/.test(value);
  const values = schema.options;
  if (!values.every(isName)) throw unmappable(place, "an enum of other than UPPER_SNAKE names");
  return builder.enumType(place.owner + capitalised(place.key), { values });
}

function scalarOf(schema: z.ZodType, place: Place): Scalar {
  if (schema instanceof z.ZodBoolean) return "Boolean";
  if (schema instanceof z.ZodNumber) return numberScalar(schema);
  if (schema instanceof z.ZodUUID) return "UUID";
  if (schema instanceof z.ZodISODateTime) return "DateTime";
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return "String";
  throw unmappable(place, schema._zod.def.type);
}

/** Mirrored fields as a Pothos input type takes them. */
export function inputFields(fields: Readonly<Record<string, MirroredField>>) {
  return (t: PothosInputFields) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, { type, required, isList }]) => [
        key,
        isList ? t.field({ type: [type], required }) : t.field({ type, required }),
      ]),
    );
}

type PothosInputFields = Parameters<
  Extract<Parameters<NewInput["implement"]>[0]["fields"], (...args: never) => unknown>
>[0];

/**
 * Input as zod expects it: an absent optional field may be sent as null in GraphQL, which zod takes
 * for a value, unless the schema allows null itself.
 */
export function withoutNulls(schema: z.ZodType, value: unknown): unknown {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => withoutNulls(inner.element as z.ZodType, item));
  }
  if (!(inner instanceof z.ZodObject) || typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, field]) => {
    const fieldSchema = inner.shape[key] as z.ZodType | undefined;
    return field !== null || fieldSchema === undefined || fieldSchema.safeParse(null).success;
  });
  return Object.fromEntries(
    kept.map(([key, field]) => {
      const fieldSchema = inner.shape[key] as z.ZodType | undefined;
      return [key, fieldSchema === undefined ? field : withoutNulls(fieldSchema, field)];
    }),
  );
}

/** What a schema is inside its optional, nullable, default, readonly and pipe wrappings. */
function unwrap(schema: z.ZodType): { inner: z.ZodType; required: boolean } {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return { inner: unwrap(schema.unwrap() as z.ZodType).inner, required: false };
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { inner: unwrap(schema.unwrap() as z.ZodType).inner, required: false };
  }
  if (schema instanceof z.ZodReadonly) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  return { inner: schema, required: true };
}

function numberScalar(schema: z.ZodNumber): "Float" | "Int" | "SafeInt" {
  const { type, minimum, maximum } = z.toJSONSchema(schema, { io: "input" });
  if (type !== "integer") return "Float";
  const fits = Math.abs(minimum ?? -Infinity) <= INT32_MAX && (maximum ?? Infinity) <= INT32_MAX;
  return fits ? "Int" : "SafeInt";
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unmappable({ owner, key }: Place, what: string): Error {
  return new Error(`${owner}.${key} cannot be mirrored into GraphQL: ${what}`);
}
