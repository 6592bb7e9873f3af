import type { GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType } from "graphql";
import {
  getNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isLeafType,
  parse,
  validate,
} from "graphql";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { aggregates } from "../../machines/index.ts";
import { guardRootFields, rootFields, scopesOf } from "../../gateway/schema/root-access.ts";
import { printedSchema, schema } from "../../gateway/schema/schema.ts";
import { createInputMirror, withoutNulls } from "../../gateway/schema/zod-input.ts";

describe("the schema", () => {
  test("is the one in schema.graphql (npx vitest -u writes it anew)", async () => {
    await expect(printedSchema()).toMatchFileSnapshot("../../schema.graphql");
  });

  test("declares for every root field who may use it", () => {
    const open = rootFields(schema).filter(([, field]) => scopesOf(field) === null);
    expect(rootFields(schema).length).toBeGreaterThan(15);
    expect(open.map(([name]) => name)).toEqual([]);
  });

  test("cannot be built with a root field that declares nothing", () => {
    const fields = { open: { type: GraphQLString, resolve: () => "open" } };
    const query = new GraphQLObjectType({ name: "Query", fields });
    expect(() => guardRootFields(new GraphQLSchema({ query }))).toThrow("Query.open");
  });

  test("has a mutation for every command that is not internal, open to the same scopes", () => {
    const declared = new Map(
      rootFields(schema).map(([name, field]) => [name, scopesOf(field)] as const),
    );
    const expected = Object.values(aggregates).flatMap(({ commands }) =>
      Object.entries(commands)
        .map(([type, { scopes }]) => ({
          name: `Mutation.${type.charAt(0).toLowerCase()}${type.slice(1)}`,
          scopes: scopes.filter((scope) => scope !== "internal"),
        }))
        .filter(({ scopes }) => scopes.length > 0),
    );
    const ofOperations = [
      "retryDeadLetter",
      "skipDeadLetter",
      "eraseCustomer",
      "createInspectionTicket",
    ].map((name) => `Mutation.${name}`);
    const mutations = [...declared].filter(
      ([name]) => name.startsWith("Mutation.") && !ofOperations.includes(name),
    );
    expect(new Map(mutations)).toEqual(
      new Map(expected.map(({ name, scopes }) => [name, scopes] as const)),
    );
  });
});

describe("a zod schema", () => {
  const mirror = createInputMirror({});
  const fieldOf = (field: z.ZodType) => mirror.fieldsOf(z.object({ field }), "Probe")["field"];

  test.each<[string, z.ZodType, object]>([
    ["text", z.string().trim().min(1), { type: "String", required: true }],
    ["an e-mail address", z.email(), { type: "String", required: true }],
    ["a UUID", z.uuid(), { type: "UUID", required: true }],
    ["a moment", z.iso.datetime(), { type: "DateTime", required: true }],
    ["a truth", z.boolean().default(true), { type: "Boolean", required: false }],
    ["a small whole number", z.int().min(0).max(100), { type: "Int", required: true }],
    ["a large whole number", z.int(), { type: "SafeInt", required: true }],
    ["a number", z.number().nullable(), { type: "Float", required: false }],
    ["a transformed text", z.string().transform(Number), { type: "String", required: true }],
    ["a list", z.array(z.string()).optional(), { type: "String", required: false, isList: true }],
  ])("for %s is mirrored", (_what, zod, expected) => {
    expect(fieldOf(zod)).toMatchObject(expected);
  });

  test.each<[string, z.ZodType]>([
    ["a union", z.union([z.string(), z.number()])],
    ["a record", z.record(z.string(), z.string())],
    ["anything", z.unknown()],
    ["a list with gaps", z.array(z.string().nullable())],
    ["an enum of other than names", z.enum(["with space"])],
  ])("for %s fails at start", (_what, zod) => {
    expect(() => fieldOf(zod)).toThrow("Probe.field cannot be mirrored");
  });

  test("gets no null for an optional field, but where it allows null", () => {
    const zod = z.object({
      a: z.string().optional(),
      b: z.string().nullish(),
      list: z.array(z.object({ c: z.int().optional() })),
    });
    const input = { a: null, b: null, list: [{ c: null }, { c: 1 }] };
    expect(withoutNulls(zod, input)).toEqual({ b: null, list: [{}, { c: 1 }] });
  });
});

test("one document may ask for every member of every error", () => {
  const types = schema.getPossibleTypes(schema.getType("CommandError") as GraphQLInterfaceType);
  const parts = types.map((type) => {
    const fields = Object.values(type.getFields()).map(({ name, type: of }) =>
      isLeafType(getNamedType(of)) ? name : `${name} { __typename }`,
    );
    return `... on ${type.name} { ${fields.join(" ")} }`;
  });
  const input = 'input: { productId: "5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01" }';
  const query = `mutation { publishProduct(${input}) { errors { ${parts.join(" ")} } } }`;
  expect(validate(schema, parse(query))).toEqual([]);
});

describe("an enum that is sent", () => {
  test("has the values that its command knows", () => {
    const seen: string[] = [];
    for (const { commands } of Object.values(aggregates)) {
      for (const [type, { input, scopes }] of Object.entries(commands)) {
        if (scopes.every((scope) => scope === "internal")) continue;
        for (const [key, field] of Object.entries(input.shape)) {
          const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
          if (!(inner instanceof z.ZodEnum)) continue;
          const given = schema.getType(`${type}Input`) as GraphQLInputObjectType;
          const found = getNamedType(given.getFields()[key]?.type) as GraphQLEnumType;
          const values = found.getValues().map(({ value }) => value as string);
          expect(values.sort()).toEqual([...inner.options].sort());
          seen.push(`${type}.${key}`);
        }
      }
    }
    expect(seen).toContain("UpdateOrderStatus.status");
  });
});
