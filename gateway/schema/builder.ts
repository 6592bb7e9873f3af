import SchemaBuilder from "@pothos/core";
import type { OperationContext } from "../context.ts";
import { cursor, dateTime, day, json, safeInt, uuid } from "./scalars.ts";

interface Same<Value> {
  Input: Value;
  Output: Value;
}

/** Where every GraphQL type is registered; fields are non-null unless they say so. */
export const builder = new SchemaBuilder<{
  Context: OperationContext;
  DefaultFieldNullability: false;
  Scalars: {
    Cursor: Same<string>;
    DateTime: Same<string>;
    Day: Same<string>;
    ID: Same<string>;
    JSON: Same<unknown>;
    SafeInt: Same<number>;
    UUID: Same<string>;
  };
}>({ defaultFieldNullability: false });

builder.scalarType("Cursor", cursor);
builder.scalarType("DateTime", dateTime);
builder.scalarType("Day", day);
builder.scalarType("JSON", json);
builder.scalarType("SafeInt", safeInt);
builder.scalarType("UUID", uuid);
