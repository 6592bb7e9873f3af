import ts from "typescript";
import { faultsByLine, lineOf, nodesOf, type Fault, type Repo } from "./repo.ts";

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
const LINE_COLUMNS_MAX = 100;
const PARAMETERS_MAX = 3;

/** style.md: a file of code has at most 300 lines. */
export function fileLength(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const path of repo.sources.keys()) {
    // Nobody reads what a generator writes, and it has one concern.
    if (path.includes("/generated/")) continue;
    const count = (repo.texts.get(path) ?? "").trimEnd().split("\n").length;
    if (count <= FILE_LINES_MAX) continue;
    const limit = `${String(count)} lines, at most ${String(FILE_LINES_MAX)}`;
    faults.push({ path, line: count, advice: `${limit}: give one of its concerns a named file` });
  }
  return faults;
}

/** style.md: a line of code has at most 100 columns. */
export function lineLength(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, text] of repo.texts) {
    if (path.includes("/generated/")) continue;
    if (!/\.([jt]sx?|css|ya?ml)$|Dockerfile$|^\.ci\//.test(path)) continue;
    const judged = faultsByLine(path, text, (line) =>
      line.length > LINE_COLUMNS_MAX && !/https?:\/\/\S{60}/.test(line)
        ? `${String(line.length)} columns, at most ${String(LINE_COLUMNS_MAX)}: break the line`
        : null,
    );
    faults.push(...judged);
  }
  return faults;
}

type FunctionNode = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isConstructorDeclaration(node) ||
      ts.isAccessor(node)) &&
    node.body !== undefined
  );
}

/** A `describe` block is a chapter, not a function. */
function isChapter(node: FunctionNode): boolean {
  if (!ts.isCallExpression(node.parent)) return false;
  return /^describe\b/.test(node.parent.expression.getText());
}

/** style.md: a function has at most 70 lines. */
export function functionLength(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    for (const node of nodesOf(source)) {
      if (!isFunction(node) || isChapter(node)) continue;
      const line = lineOf(node);
      const end = source.getLineAndCharacterOfPosition(node.end).line + 1;
      const count = end - line + 1;
      if (count <= FUNCTION_LINES_MAX) continue;
      const limit = `${String(count)} lines, at most ${String(FUNCTION_LINES_MAX)}`;
      const advice = `function of ${limit}: name its steps and call them`;
      faults.push({ path, line, advice });
    }
  }
  return faults;
}

/** A function with a name of its own chooses its signature; a callback has it chosen by others. */
function choosesItsSignature(node: FunctionNode): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isConstructorDeclaration(node)) return true;
  return ts.isVariableDeclaration(node.parent) && node.parent.type === undefined;
}

/** style.md: at most three positional parameters, then one options object. */
export function parameterCount(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    for (const node of nodesOf(source)) {
      if (!isFunction(node) || !choosesItsSignature(node)) continue;
      if (node.parameters.length <= PARAMETERS_MAX) continue;
      const count = `${String(node.parameters.length)} parameters`;
      const advice = `${count}, at most ${String(PARAMETERS_MAX)}: take one options object`;
      faults.push({ path, line: lineOf(node), advice });
    }
  }
  return faults;
}
