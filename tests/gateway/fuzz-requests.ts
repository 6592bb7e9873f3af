import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { GraphQLField, GraphQLInputType, GraphQLSchema } from "graphql";
import { nastyTexts, refusedTexts } from "../support/nasty-texts.ts";

type Kind = "query" | "mutation" | "subscription";

/** A root field as it can be asked for, with every argument in a variable. */
export interface Target {
  readonly kind: Kind;
  readonly name: string;
  readonly query: string;
  readonly types: ReadonlyMap<string, GraphQLInputType>;
}

/** Every root field of the schema. */
export function targetsOf(schema: GraphQLSchema): Target[] {
  const roots: [Kind, ReturnType<GraphQLSchema["getQueryType"]>][] = [
    ["query", schema.getQueryType()],
    ["mutation", schema.getMutationType()],
    ["subscription", schema.getSubscriptionType()],
  ];
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => targetOf(kind, field)),
  );
}

function targetOf(kind: Kind, field: GraphQLField<unknown, unknown>): Target {
  const { name, args } = field;
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(", ");
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  const query =
    `${kind} Fuzz${args.length > 0 ? `(${declared})` : ""} ` +
    `{ ${name}${args.length > 0 ? `(${passed})` : ""} ${selectionOf(field)} }`;
  return { kind, name, query, types: new Map(args.map((arg) => [arg.name, arg.type])) };
}

/** What tells whether the request was refused. */
function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return "";
  const errors = isObjectType(type) ? type.getFields()["errors"] : undefined;
  return errors === undefined ? "{ __typename }" : "{ __typename errors { __typename } }";
}

/** Ids that exist: of anything, and of what a query is about. */
export interface KnownIds {
  readonly all: readonly string[];
  readonly own: string;
}

/**
 * Values of the shape that the type wants; ids are those given, so that much is found. A version
 * to be waited for is one of what the query is about: others never come.
 */
export function sampleOf(type: GraphQLInputType, ids: KnownIds, random: () => number) {
  const sample = (wanted: GraphQLInputType): unknown => {
    if (isNonNullType(wanted)) return sample(wanted.ofType);
    if (isListType(wanted)) return [sample(wanted.ofType)];
    if (isEnumType(wanted)) return wanted.getValues()[0]?.name;
    if (isInputObjectType(wanted)) {
      if (wanted.name === "EntityVersion") return { id: ids.own, version: 1 };
      const entries = Object.values(wanted.getFields()).map((field) => [
        field.name,
        field.name === "idempotencyKey" ? String(random()) : sample(field.type),
      ]);
      return Object.fromEntries(entries) as unknown;
    }
    return leaf(String(wanted));
  };
  const leaf = (name: string): unknown => {
    if (name === "Boolean") return true;
    if (name === "Int" || name === "Float" || name === "SafeInt") return 1;
    if (name === "UUID" || name === "ID") return ids.all[Math.floor(random() * ids.all.length)];
    return name === "DateTime" ? "2026-01-01T00:00:00.000Z" : "EUR";
  };
  return sample(type);
}

/** Values that no field expects, beside the texts: filters, prototypes, edges of numbers. */
const oddValues: readonly unknown[] = [
  ...nastyTexts,
  ...refusedTexts,
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  [],
  [[]],
  {},
  { $gt: "" },
  { $ne: null },
  { $where: "sleep(1000)" },
  { $regex: "(a+)+$" },
  JSON.parse('{"__proto__": {"isAdmin": true}}'),
  { constructor: { prototype: {} } },
  { toString: null },
  "9".repeat(400),
  "2026-02-30T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "00000000-0000-0000-0000-000000000000",
  "eyJzIjp7IiRndCI6IiJ9fQ",
  "x".repeat(10_000),
  Array.from({ length: 1_000 }, () => 1),
  nested(200),
];

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

/** Variables of a target in which exactly one place holds what it should not. */
export function spoiled(
  variables: Readonly<Record<string, unknown>>,
  random: () => number,
): Readonly<Record<string, unknown>> {
  const copy = structuredClone(variables) as Record<string, unknown>;
  const places: (readonly [holder: Record<string, unknown>, key: string])[] = [];
  const visit = (holder: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof value === "object" && value !== null) visit(value as Record<string, unknown>);
    }
  };
  visit(copy);
  const place = places[Math.floor(random() * places.length)];
  if (place === undefined) return copy;
  const [holder, key] = place;
  holder[key] = oddValues[Math.floor(random() * oddValues.length)];
  return copy;
}
