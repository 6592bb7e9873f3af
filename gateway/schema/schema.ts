import { lexicographicSortSchema, printSchema } from "graphql";
import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";
import "./chart.ts";
import "./erase-customer.ts";
import "./feeds.ts";
import "./history.ts";
import "./inspection.ts";
import "./mutations.ts";
import "./order-reports.ts";
import "./queries.ts";
import "./searches.ts";
import "./statistics-feed.ts";
import "./stock-alerts.ts";
import "./system.ts";
import { guardRootFields } from "./root-access.ts";

/** The whole schema, each root field behind the scopes it declares. */
export const schema: GraphQLSchema = guardRootFields(builder.toSchema());

/** The schema as text, for `schema.graphql`. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
