import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { wrapped, type TypeNames } from "./console-type-names.ts";

interface Scope {
  readonly schema: GraphQLSchema;
  readonly names: TypeNames;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The TypeScript types of an operation's result and of its variables. */
export function operationTypes(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  { schema, names }: Pick<Scope, "schema" | "names">,
): { readonly result: string; readonly variables: string } {
  const root = schema.getRootType(operation.operation);
  if (root === undefined || root === null) throw new Error(`no ${operation.operation}`);
  const variables = (operation.variableDefinitions ?? []).map((one) => {
    const type = typeFromAST(schema, one.type);
    if (type === undefined) throw new Error("a variable of an unknown type");
    return names.input(one.variable.name.value, type as GraphQLInputType);
  });
  const scope: Scope = { schema, names, fragments: fragmentsOf(document) };
  const result = selection(root, operation.selectionSet, scope);
  return { result, variables: `{ ${variables.join(" ")} }` };
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  return fragments;
}

function selection(parent: GraphQLOutputType, set: SelectionSetNode, scope: Scope): string {
  const type = getNamedType(parent);
  if (isObjectType(type)) return shapeOf([type], set, scope);
  if (!isAbstractType(type)) throw new Error(`${type.name} has no fields`);
  // Types of which the same fields are asked share one shape.
  const sharing = new Map<string, GraphQLObjectType[]>();
  for (const one of scope.schema.getPossibleTypes(type)) {
    const fields = JSON.stringify([...fieldsOf(one, set, scope).keys()]);
    sharing.set(fields, [...(sharing.get(fields) ?? []), one]);
  }
  return [...sharing.values()].map((types) => shapeOf(types, set, scope)).join(" | ");
}

function shapeOf(types: readonly GraphQLObjectType[], set: SelectionSetNode, scope: Scope): string {
  const [first] = types;
  if (first === undefined) throw new Error("a shape without a type");
  const lines = [...fieldsOf(first, set, scope)].map(([key, node]) => {
    if (node.name.value === "__typename") {
      return `readonly ${key}: ${types.map(({ name }) => `"${name}"`).join(" | ")};`;
    }
    const field = first.getFields()[node.name.value];
    if (field === undefined) throw new Error(`${first.name} has no ${node.name.value}`);
    const inner =
      node.selectionSet === undefined
        ? scope.names.of(field.type)
        : selection(field.type, node.selectionSet, scope);
    return `readonly ${key}: ${wrapped(field.type, inner)};`;
  });
  return `{ ${lines.join(" ")} }`;
}

/** What is asked of one type, fragments spread out, by the names in the answer. */
function fieldsOf(
  type: GraphQLObjectType,
  set: SelectionSetNode,
  scope: Scope,
): ReadonlyMap<string, FieldNode> {
  const fields = new Map<string, FieldNode>();
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      fields.set((node.alias ?? node.name).value, node);
      continue;
    }
    const part = node.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(node.name.value) : node;
    if (part === undefined) throw new Error("a fragment that is not there");
    const condition = scope.schema.getType(part.typeCondition?.name.value ?? type.name);
    const isMine = isAbstractType(condition) && scope.schema.isSubType(condition, type);
    if (condition !== type && !isMine) continue;
    for (const [key, field] of fieldsOf(type, part.selectionSet, scope)) fields.set(key, field);
  }
  return fields;
}
