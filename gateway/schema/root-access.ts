import type { GraphQLField, GraphQLSchema } from "graphql";
import type { TokenScope } from "../auth/token.ts";
import type { OperationContext } from "../context.ts";
import { GatewayError } from "../errors.ts";

const EXTENSION = "scopes";
const NOT_BEGUN = "The operation took too long, so that this was not begun.";
type RootField = GraphQLField<unknown, OperationContext>;

/** Declares who may use a root field: `t.field({ ...open("operator"), ... })`. */
export function open(...scopes: readonly TokenScope[]): {
  readonly extensions: { readonly scopes: readonly TokenScope[] };
} {
  return { extensions: { [EXTENSION]: scopes } };
}

/** The scopes that a root field declares; null when it declares none. */
export function scopesOf(field: RootField): readonly TokenScope[] | null {
  const declared = field.extensions[EXTENSION] as readonly TokenScope[] | undefined;
  return declared === undefined || declared.length === 0 ? null : declared;
}

/** Every root field of a schema, under its full name. */
export function rootFields(schema: GraphQLSchema): [name: string, field: RootField][] {
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return types.flatMap((type) => {
    const fields: readonly RootField[] = Object.values(type?.getFields() ?? {});
    return fields.map((field): [string, RootField] => [`${type?.name ?? ""}.${field.name}`, field]);
  });
}

/**
 * Denies by default: puts the check of scopes before every root field. Throws, at start, when a
 * root field declares no scope.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, field] of rootFields(schema)) {
    const scopes = scopesOf(field);
    if (scopes === null) throw new Error(`${name} must declare who may use it`);
    const entrance = field.subscribe === undefined ? "resolve" : "subscribe";
    const inner = field[entrance];
    if (inner === undefined) throw new Error(`${name} has no resolver`);
    field[entrance] = (source, args, context, info) => {
      // The next mutation of a document whose client was told that its time is over.
      if (context.request?.ended.aborted === true) throw new GatewayError("TIMEOUT", NOT_BEGUN);
      if (scopes.includes(context.viewer.scope)) return inner(source, args, context, info);
      const message = `${name} is not open to the scope ${context.viewer.scope}.`;
      throw new GatewayError("FORBIDDEN", message);
    };
  }
  return schema;
}
