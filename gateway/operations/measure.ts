import { Kind } from "graphql";
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from "graphql";

/** How large a document is once its fragments are spread out. */
export interface Measure {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Most directives on one place. */
  readonly directives: number;
  /**
   * Fields under a name that their selection has already. Validation compares every two of them,
   * and what is below them, so its cost grows with the square of this.
   */
  readonly repeats: number;
  readonly fragments: number;
  readonly operations: number;
  /** Most variables of one operation. */
  readonly variables: number;
  readonly usesIntrospection: boolean;
}

/** One selection: `names` counts what it selects directly, through fragments or not. */
interface Part extends Omit<Measure, "fragments" | "operations" | "variables"> {
  readonly names: ReadonlyMap<string, number>;
}

const nothing: Part = {
  depth: 0,
  fields: 0,
  aliases: 0,
  rootFields: 0,
  directives: 0,
  repeats: 0,
  usesIntrospection: false,
  names: new Map(),
};

/**
 * Measures the largest operation of a document. Runs before validation, so it bears documents that
 * are wrong: unknown fragments count nothing, circular ones end where they began. Each fragment is
 * measured once, so a fragment that doubles another fifty times costs nothing here.
 */
export function measureDocument(document: DocumentNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const ofSelections = selectionMeasure(fragments);
  let largest: Measure = { ...nothing, fragments: 0, operations: 0, variables: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const part = withDirectives(
      ofSelections(definition.selectionSet),
      definition.directives?.length ?? 0,
    );
    largest = largerOf(largest, {
      ...part,
      fragments: fragments.size,
      operations: largest.operations + 1,
      variables: definition.variableDefinitions?.length ?? 0,
    });
  }
  return largest;
}

function selectionMeasure(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const measured = new Map<string, Part>();

  const ofFragment = (name: string): Part => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return nothing;
    measured.set(name, nothing);
    const part = ofSelections(fragment.selectionSet);
    measured.set(name, part);
    return part;
  };

  const ofSelections = (set: SelectionSetNode): Part => {
    let sum = nothing;
    const names = new Map<string, number>();
    for (const node of set.selections) {
      let part = nothing;
      if (node.kind === Kind.FRAGMENT_SPREAD) part = ofFragment(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) part = ofSelections(node.selectionSet);
      else {
        const isIntrospection = node.name.value === "__schema" || node.name.value === "__type";
        const below = node.selectionSet === undefined ? nothing : ofSelections(node.selectionSet);
        part = {
          // graphql-js bounds the depth of introspection by a rule of its own.
          depth: isIntrospection ? 1 : below.depth + 1,
          fields: below.fields + 1,
          aliases: below.aliases + (node.alias === undefined ? 0 : 1),
          rootFields: 1,
          directives: below.directives,
          repeats: below.repeats + repeatsIn(below.names),
          usesIntrospection: below.usesIntrospection || isIntrospection,
          names: new Map([[(node.alias ?? node.name).value, 1]]),
        };
      }
      for (const [name, count] of part.names) names.set(name, (names.get(name) ?? 0) + count);
      sum = add(sum, withDirectives(part, node.directives?.length ?? 0));
    }
    return { ...sum, names };
  };
  return (set: SelectionSetNode): Part => {
    const part = ofSelections(set);
    return { ...part, repeats: part.repeats + repeatsIn(part.names) };
  };
}

function repeatsIn(names: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of names.values()) sum += count - 1;
  return sum;
}

function add(a: Part, b: Part): Part {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    directives: Math.max(a.directives, b.directives),
    repeats: a.repeats + b.repeats,
    usesIntrospection: a.usesIntrospection || b.usesIntrospection,
    names: a.names,
  };
}

function withDirectives(part: Part, directives: number): Part {
  return { ...part, directives: Math.max(part.directives, directives) };
}

function largerOf(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: Math.max(a.fields, b.fields),
    aliases: Math.max(a.aliases, b.aliases),
    rootFields: Math.max(a.rootFields, b.rootFields),
    directives: Math.max(a.directives, b.directives),
    repeats: Math.max(a.repeats, b.repeats),
    fragments: Math.max(a.fragments, b.fragments),
    operations: Math.max(a.operations, b.operations),
    variables: Math.max(a.variables, b.variables),
    usesIntrospection: a.usesIntrospection || b.usesIntrospection,
  };
}
