import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

/** The tree as the rules see it: every file that could be committed; binaries as "". */
export interface Repo {
  readonly texts: ReadonlyMap<string, string>;
  /** Parsed TypeScript and JavaScript files of the rooms, parent pointers set. */
  readonly sources: ReadonlyMap<string, ts.SourceFile>;
}

/** One breach of a rule; `advice` says what to do instead. */
export interface Fault {
  readonly path: string;
  readonly line: number;
  readonly advice: string;
}

export type Rule = (repo: Repo) => readonly Fault[];

const TEXT_EXTENSION = /\.(tsx?|js|mjs|cjs|json|md|ya?ml|sh|html|css|svg|graphql|toml|conf)$/;
/** What is run by others and not by us: examples to copy, scripts for a server's own shell. */
const OF_OTHERS = /^(docs|deploy)\//;
const TEXT_NAME = /(^|\/)(Dockerfile|run|\.\w+)$/;

/** Reads the whole tree except what `.gitignore` names as a folder. */
export function loadRepo(root: string): Repo {
  const ignored = new Set([".git"]);
  for (const line of readFileSync(join(root, ".gitignore"), "utf8").split("\n")) {
    if (line.endsWith("/")) ignored.add(line.slice(0, -1));
  }
  const texts: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (ignored.has(entry.name)) continue;
      if (entry.isDirectory()) visit(path);
      else texts[path] = isText(path) ? readFileSync(join(root, path), "utf8") : "";
    }
  };
  visit("");
  return repoOf(texts);
}

function isText(path: string): boolean {
  return TEXT_EXTENSION.test(path) || TEXT_NAME.test(path);
}

/** A repo from texts, so that each rule can be shown a bad sample. */
export function repoOf(texts: Readonly<Record<string, string>>): Repo {
  const sources = new Map<string, ts.SourceFile>();
  for (const [path, text] of Object.entries(texts)) {
    if (!/\.[jt]sx?$/.test(path) || OF_OTHERS.test(path)) continue;
    sources.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true));
  }
  return { texts: new Map(Object.entries(texts)), sources };
}

/** The room a file lives in: its top folder, or `root` for main.ts, config.ts and the like. */
export function roomOf(path: string): string {
  const slash = path.indexOf("/");
  return slash < 0 ? "root" : path.slice(0, slash);
}

/** Every node of a file, parents before children. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** The line of a node, counted from 1. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** One fault for every line of a text that matches. */
export function faultsByLine(path: string, text: string, judge: LineJudge): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const advice = judge(line);
    if (advice !== null) faults.push({ path, line: index + 1, advice });
  }
  return faults;
}

type LineJudge = (line: string) => string | null;
