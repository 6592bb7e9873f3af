import { createHash } from "node:crypto";
import { getOperationAST, getVariableValues, Kind, visit } from "graphql";
import type { OperationDefinitionNode } from "graphql";
import { canonicalJson } from "../canonical-json.ts";
import type { Operation } from "../operations/operations.ts";

/** The argument that says where a reader resumes: the only thing in which readers may differ. */
const RESUME_ARGUMENT = "after";

/**
 * Names the shared execution that an operation can read from: the document, the operation in it,
 * the variables without the place to resume from, and all that resolvers know of the viewer.
 */
export function hubKey(operation: Operation): string {
  const { schema, document, operationName, variableValues, contextValue, hash } = operation;
  const node = getOperationAST(document, operationName);
  if (!node) throw new Error("a subscription without an operation");
  const { coerced = {} } = getVariableValues(
    schema,
    node.variableDefinitions ?? [],
    variableValues ?? {},
  );
  const resuming = resumeVariable(node);
  const variables = Object.fromEntries(
    Object.entries(coerced).filter(([name]) => name !== resuming),
  );
  const { viewer } = contextValue;
  const key = canonicalJson({ hash, operation: operationName ?? null, variables, viewer });
  return createHash("sha256").update(key).digest("base64url");
}

/** The variable that stands for the place to resume from and for nothing else. */
function resumeVariable(operation: OperationDefinitionNode): string | null {
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return null;
  const argument = field.arguments?.find(({ name }) => name.value === RESUME_ARGUMENT);
  if (argument?.value.kind !== Kind.VARIABLE) return null;
  const name = argument.value.name.value;
  let uses = 0;
  visit(operation.selectionSet, {
    Variable(variable) {
      if (variable.name.value === name) uses += 1;
    },
  });
  return uses === 1 ? name : null;
}
