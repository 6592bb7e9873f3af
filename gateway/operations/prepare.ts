import { createHash } from "node:crypto";
import { getOperationAST, GraphQLError, parse, specifiedRules, validate } from "graphql";
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { LRUCache } from "lru-cache";
import { requestError, withCode } from "../errors.ts";
import { operationCost } from "./cost.ts";
import type { OperationCost } from "./cost.ts";
import { measureDocument } from "./measure.ts";
import type { Measure } from "./measure.ts";
import { textOf } from "./trusted-documents.ts";
import type { TrustedDocuments } from "./trusted-documents.ts";

/** What a document may ask for at most, over HTTP and WebSocket alike. */
const DOCUMENT_LIMITS = {
  bytes: 32_768,
  tokens: 2_000,
  depth: 10,
  fields: 1_000,
  aliases: 30,
  directives: 5,
  rootFields: 5,
  repeats: 100,
  fragments: 50,
  operations: 20,
  variables: 100,
} as const;

/** What one operation may bring up at most, as `cost.ts` counts it. */
export const COST_MAX = 5_000;

const VALIDATED_DOCUMENTS_MAX = 1_000;
const VALIDATION_ERRORS_MAX = 20;
const UNTRUSTED =
  "Only trusted documents are taken here: send the exact text of one as `query`, or " +
  "`sha256:<hex>` of it (docs/security.md).";

/** A document that is within the limits and valid, ready to be executed. */
export interface PreparedDocument {
  /** sha256 of the text: names the document in caches and hubs. */
  readonly hash: string;
  readonly document: DocumentNode;
  readonly usesIntrospection: boolean;
}

/** One request's document and the operation in it that is meant. */
export interface PreparedOperation extends PreparedDocument {
  readonly operation: OperationDefinitionNode;
  readonly cost: OperationCost;
}

/** Parses, bounds and validates: the same gate for both transports. */
export interface Preparer {
  /** The operation, or the errors that the client gets instead. */
  prepare(
    query: string,
    operationName: string | null | undefined,
  ): PreparedOperation | readonly GraphQLError[];
  /** What keeps a document from being prepared, whichever of its operations is meant. */
  readonly problemsOf: (text: string) => readonly GraphQLError[];
}

interface PreparerOptions {
  readonly schema: GraphQLSchema;
  /** Whether validation errors may suggest names of the schema. */
  readonly hideSuggestions: boolean;
  /** When given, no other document is taken. */
  readonly trusted?: TrustedDocuments | null;
}

/** Makes a gate that remembers the documents it has seen, good and bad, within a bound. */
export function createPreparer(options: PreparerOptions): Preparer {
  const { schema, hideSuggestions, trusted = null } = options;
  const costs = new WeakMap<OperationDefinitionNode, OperationCost>();
  const seen = new LRUCache<string, PreparedDocument | readonly GraphQLError[]>({
    max: VALIDATED_DOCUMENTS_MAX,
  });

  const judge = (query: string, hash: string): PreparedDocument | readonly GraphQLError[] => {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: DOCUMENT_LIMITS.tokens });
    } catch (error) {
      return [parseError(error)];
    }
    const measure = measureDocument(document);
    const excess = excessOf(measure);
    if (excess !== null) return [requestError("LIMIT_EXCEEDED", excess)];
    const errors = validate(schema, document, specifiedRules, {
      maxErrors: VALIDATION_ERRORS_MAX,
      hideSuggestions,
    });
    if (errors.length > 0)
      return errors.map((error) => withCode(error, "GRAPHQL_VALIDATION_FAILED"));
    return { hash, document, usesIntrospection: measure.usesIntrospection };
  };

  return {
    problemsOf(text) {
      const judged = judge(text, "");
      return "document" in judged ? [] : judged;
    },
    prepare(sent, operationName) {
      const query = textOf(sent, trusted);
      if (query === null) return [requestError("DOCUMENT_NOT_TRUSTED", UNTRUSTED)];
      if (Buffer.byteLength(query) > DOCUMENT_LIMITS.bytes) {
        return [requestError("LIMIT_EXCEEDED", "The document is larger than 32 KB.")];
      }
      const hash = createHash("sha256").update(query).digest("base64url");
      let entry = seen.get(hash);
      if (entry === undefined) {
        entry = judge(query, hash);
        seen.set(hash, entry);
      }
      if (!("document" in entry)) return entry;
      const operation = getOperationAST(entry.document, operationName);
      if (!operation)
        return [requestError("BAD_USER_INPUT", "The document has no such operation.")];
      let cost = costs.get(operation);
      if (cost === undefined) {
        cost = operationCost(schema, entry.document, operation);
        costs.set(operation, cost);
      }
      return { ...entry, operation, cost };
    },
  };
}

function parseError(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) throw error;
  if (error.message.includes("tokens. Parsing aborted")) {
    const limit = String(DOCUMENT_LIMITS.tokens);
    return requestError("LIMIT_EXCEEDED", `The document has more than ${limit} tokens.`);
  }
  return withCode(error, "GRAPHQL_PARSE_FAILED");
}

function excessOf(measure: Measure): string | null {
  for (const [name, words] of limitWords) {
    const limit = DOCUMENT_LIMITS[name];
    if (measure[name] <= limit) continue;
    return `The document goes too far in ${words}: at most ${String(limit)}.`;
  }
  return null;
}

const limitWords = [
  ["depth", "depth"],
  ["fields", "fields"],
  ["aliases", "aliases"],
  ["directives", "directives on one place"],
  ["rootFields", "root fields"],
  ["repeats", "fields that are selected again"],
  ["fragments", "fragments"],
  ["operations", "operations"],
  ["variables", "variables"],
] as const;
