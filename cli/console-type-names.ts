import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLType,
} from "graphql";

const scalars: Readonly<Record<string, string>> = {
  Boolean: "boolean",
  Int: "number",
  Float: "number",
  SafeInt: "number",
  JSON: "unknown",
};

/** Names types in TypeScript, and remembers which of them need a declaration. */
export interface TypeNames {
  of(type: GraphQLType): string;
  /** A member for a variable or a field of an input. */
  input(name: string, type: GraphQLInputType): string;
  /** The declarations of all that was named, by name. */
  declarations(): readonly string[];
}

export function createTypeNames(): TypeNames {
  const named = new Map<string, string>();

  const input = (name: string, type: GraphQLInputType): string => {
    const isOptional = !isNonNullType(type);
    const more = isOptional ? " | undefined" : "";
    return `readonly ${name}${isOptional ? "?" : ""}: ${wrapped(type, of(type))}${more};`;
  };

  const of = (type: GraphQLType): string => {
    const known = getNamedType(type);
    const { name } = known;
    if (isEnumType(known)) {
      const values = known.getValues().map((value) => `\n  | "${value.name}"`);
      named.set(name, `export type ${name} =${values.join("")};`);
      return name;
    }
    if (!isInputObjectType(known)) return scalars[name] ?? "string";
    if (!named.has(name)) {
      // Known before its fields are looked at: an input may hold itself.
      named.set(name, "");
      const lines = Object.values(known.getFields()).map((one) => `  ${input(one.name, one.type)}`);
      named.set(name, `export interface ${name} {\n${lines.join("\n")}\n}`);
    }
    return name;
  };

  return {
    of,
    input,
    declarations: () => [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  };
}

/** A type with its lists and nulls around `inner`. */
export function wrapped(type: GraphQLType, inner: string): string {
  if (isNonNullType(type)) return bare(type.ofType, inner);
  return `${bare(type, inner)} | null`;
}

function bare(type: GraphQLType, inner: string): string {
  if (!isListType(type)) return inner;
  return `readonly (${wrapped(type.ofType as GraphQLType, inner)})[]`;
}
