import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, Kind, parse, validate, type GraphQLSchema } from "graphql";
import { commandsOf, mutationText } from "./console-commands.ts";
import { createTypeNames } from "./console-type-names.ts";
import { operationTypes } from "./console-type-writer.ts";

const SOURCES = "console/src";
const GENERATED = `${SOURCES}/generated`;
const HEADER =
  "// Written by `npm run console:types` from schema.graphql: change that, not this.\n";

/**
 * The generated files of the console, by their paths from the root: texts and types of its
 * documents, a description of every command for its form, and the mutation that sends it. Throws
 * when a document does not fit the schema.
 */
export function consoleFiles(root: string): ReadonlyMap<string, string> {
  const schema = buildSchema(readFileSync(join(root, "schema.graphql"), "utf8"));
  const files = new Map([[`${GENERATED}/documents.ts`, documentsFile(schema, root)]]);
  const commands = commandsOf(schema).filter((one) => !one.creates);
  files.set(
    `${GENERATED}/commands.ts`,
    `${HEADER}import type { Command } from "../commands/command.ts";\n\n` +
      `export const commands: readonly Command[] = ${JSON.stringify(commands, null, 2)};\n`,
  );
  for (const command of commands) {
    const name = kebab(command.mutation);
    files.set(`${GENERATED}/mutations/${name}.graphql`, mutationText(command));
  }
  return files;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function documentsFile(schema: GraphQLSchema, root: string): string {
  const names = createTypeNames();
  const imports: string[] = ['import type { Document } from "../graphql/document.ts";'];
  const parts: string[] = [];
  for (const path of documentPaths(root)) {
    const document = parse(readFileSync(join(root, SOURCES, path), "utf8"));
    const [problem] = validate(schema, document);
    if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      const name = operation.name?.value;
      if (name === undefined) throw new Error(`${path}: give the operation a name`);
      const variable = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      const { result, variables } = operationTypes(operation, document, { schema, names });
      imports.push(`import ${variable}Text from "../${path}?raw";`);
      parts.push(
        `export type ${name}Result = ${result};`,
        `export type ${name}Variables = ${variables};`,
        `export const ${variable}Document =\n` +
          `  ${variable}Text as Document<${name}Result, ${name}Variables>;`,
      );
    }
  }
  return `${HEADER}${imports.join("\n")}\n\n${[...names.declarations(), ...parts].join("\n\n")}\n`;
}

function documentPaths(root: string): readonly string[] {
  return readdirSync(join(root, SOURCES), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".graphql") && !path.startsWith("generated/"))
    .sort();
}
