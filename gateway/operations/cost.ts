import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
} from "graphql";
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql";

/** Rows of a page that does not say how many it wants, and the most that one may have. */
const PAGE_SIZE_DEFAULT = 20;
const PAGE_SIZE_MAX = 100;
/** What a list without pages holds, as a guess: an order has few lines, a command few reasons. */
const PLAIN_LIST_SIZE = 3;
/** A mutation decides, appends and projects, whatever it asks for in the end. */
const MUTATION_COST = 10;

/** How many values an operation may bring up at most, given the variables it is sent with. */
export type OperationCost = (variables: Readonly<Record<string, unknown>>) => number;

/**
 * The cost of a valid operation: one for each field, what is below a list multiplied by `first` or
 * `last`. Fragments are spread out, so the caller must have bounded the fields first.
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const root = schema.getRootType(operation.operation) ?? null;
  const rootCost = operation.operation === OperationTypeNode.MUTATION ? MUTATION_COST : 0;
  const seen = { variables: false };

  const measure = (variables: Readonly<Record<string, unknown>>): number => {
    const numberOf = ({ arguments: given = [] }: FieldNode): number => {
      const size = given.find(({ name }) => name.value === "first" || name.value === "last");
      if (size === undefined || size.value.kind === Kind.NULL) return PAGE_SIZE_DEFAULT;
      if (size.value.kind === Kind.INT) return bounded(Number(size.value.value));
      if (size.value.kind !== Kind.VARIABLE) return PAGE_SIZE_MAX;
      seen.variables = true;
      const value = variables[size.value.name.value];
      // An absent variable has a default that is not looked at: the worst is assumed.
      return typeof value === "number" ? bounded(value) : PAGE_SIZE_MAX;
    };

    const ofSelections = (set: SelectionSetNode, parent: GraphQLNamedType | null): number => {
      let sum = 0;
      for (const node of set.selections) {
        if (node.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(node.name.value);
          if (fragment === undefined) continue;
          const type = schema.getType(fragment.typeCondition.name.value) ?? parent;
          sum += ofSelections(fragment.selectionSet, type);
        } else if (node.kind === Kind.INLINE_FRAGMENT) {
          const named = node.typeCondition?.name.value;
          const type = named === undefined ? parent : (schema.getType(named) ?? parent);
          sum += ofSelections(node.selectionSet, type);
        } else sum += ofField(node, parent);
      }
      return sum;
    };

    const ofField = (node: FieldNode, parent: GraphQLNamedType | null): number => {
      const field =
        parent !== null && "getFields" in parent ? parent.getFields()[node.name.value] : undefined;
      if (field === undefined || node.selectionSet === undefined) return 1;
      const type = getNamedType(field.type);
      const below = ofSelections(node.selectionSet, isCompositeType(type) ? type : null);
      const hasPages = "args" in field && field.args.some(({ name }) => name === "first");
      if (hasPages) return 1 + numberOf(node) * below;
      const isInPage = isObjectType(parent) && parent.name.endsWith("Connection");
      const isPlainList = isListType(getNullableType(field.type)) && !isInPage;
      return 1 + (isPlainList ? PLAIN_LIST_SIZE : 1) * below;
    };
    return rootCost + ofSelections(operation.selectionSet, root);
  };

  const fixed = measure({});
  return seen.variables ? measure : () => fixed;
}

function bounded(size: number): number {
  return Math.min(Math.max(Math.trunc(size), 0), PAGE_SIZE_MAX);
}
