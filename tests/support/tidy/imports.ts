import { posix } from "node:path";
import ts from "typescript";
import { lineOf, nodesOf, roomOf, type Fault, type Repo } from "./repo.ts";

/** One import of one file: from another file of the tree, or from a package or Node module. */
interface Import {
  readonly from: string;
  readonly line: number;
  /** Path from the root for a file of the tree, the bare name otherwise. */
  readonly target: string;
  readonly isFile: boolean;
  /** False for a path handed to a process or a URL: no cycle, but the file is used. */
  readonly isCode: boolean;
  /** The imported names, `*` for all of them. */
  readonly names: readonly string[];
}

const everyRoom = [
  "machines",
  "log",
  "payments",
  "actors",
  "projections",
  "privacy",
  "gateway",
  "embedded",
  "console",
];
const wiring = ["root", "cli", "bench", "tests"];

/** Design 1: which rooms a room may import. The wiring may import all of them. */
const roomTable: Readonly<Record<string, readonly string[]>> = {
  machines: [],
  log: ["machines"],
  payments: [],
  actors: ["machines", "log", "payments"],
  projections: ["machines", "log", "privacy"],
  privacy: [],
  gateway: ["actors", "projections", "log", "machines", "privacy"],
  embedded: [],
  console: [],
  root: [...everyRoom, "root", "cli"],
  cli: [...everyRoom, "root"],
  bench: [...everyRoom, "root", "cli"],
  tests: [...everyRoom, "root", "cli", "bench", "deploy"],
};

/** Packages that only some rooms may touch; any other small package is free. */
const packageTable: Readonly<Record<string, readonly string[]>> = {
  mongodb: ["log", "payments", "projections", "privacy", "embedded"],
  nats: ["log", "embedded"],
  "mongodb-memory-server-core": ["embedded"],
  xstate: ["machines", "actors"],
  graphql: ["gateway", "console"],
  "graphql-http": ["gateway"],
  "graphql-ws": ["gateway", "console"],
  "@pothos/core": ["gateway"],
  ws: ["gateway", "console"],
  jsonwebtoken: ["gateway"],
};

/** The pure room may import these and nothing else; of `node:crypto` only what computes. */
const purePackages = ["xstate", "zod", "uuid", "canonicalize", "node:crypto"];
const pureCrypto = ["createHash", "hash"];

/** Every import of the tree, dynamic ones and `new URL("./x.ts", import.meta.url)` included. */
function importsOf(repo: Repo): readonly Import[] {
  const imports: Import[] = [];
  for (const [path, source] of repo.sources) {
    for (const node of nodesOf(source)) {
      const found = importAt(node);
      if (found === null) continue;
      const isFile = found.specifier.startsWith(".");
      const joined = posix.join(posix.dirname(path), found.specifier);
      imports.push({
        from: path,
        line: lineOf(node),
        target: isFile ? joined : packageOf(found.specifier),
        isFile,
        isCode: found.isCode,
        names: found.names,
      });
    }
  }
  return imports;
}

type Found = Pick<Import, "isCode" | "names"> & { readonly specifier: string };

function importAt(node: ts.Node): Found | null {
  if (
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier !== undefined &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    const names = ts.isImportDeclaration(node) ? importedNames(node) : ["*"];
    return { specifier: node.moduleSpecifier.text, isCode: true, names };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const literal = node.argument.literal;
    return ts.isStringLiteral(literal)
      ? { specifier: literal.text, isCode: true, names: ["*"] }
      : null;
  }
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === IMPORT_KEYWORD;
  const isUrl = ts.isNewExpression(node) && node.expression.getText() === "URL";
  if (!isDynamic && !isUrl) return null;
  const first = node.arguments?.[0];
  if (first === undefined || !ts.isStringLiteralLike(first)) return null;
  if (isUrl && !/^\.\.?\/.*\.[jt]s$/.test(first.text)) return null;
  return { specifier: first.text, isCode: isDynamic, names: ["*"] };
}

const IMPORT_KEYWORD = ts.SyntaxKind.ImportKeyword;

function importedNames(node: ts.ImportDeclaration): readonly string[] {
  const bindings = node.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return ["*"];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  const depth = specifier.startsWith("@") ? 2 : 1;
  return specifier.split("/").slice(0, depth).join("/");
}

/** Design 1's import table: rooms, packages, front files. */
export function importTable(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const one of importsOf(repo)) {
    const advice = one.isFile ? judgeFile(one) : judgePackage(one);
    if (advice !== null) faults.push({ path: one.from, line: one.line, advice });
  }
  return faults;
}

function judgeFile(one: Import): string | null {
  const from = roomOf(one.from);
  const to = roomOf(one.target);
  if (from === to) return null;
  if (from === "root" && /^[\w.-]+\.config\.[jt]s$/.test(one.from)) return null;
  const allowed = roomTable[from];
  if (allowed === undefined) {
    return `${from}/ is not a room of design 1: add it to the table there and here, or move it`;
  }
  if (!allowed.includes(to)) {
    const list = allowed.length === 0 ? "no other room" : allowed.join(", ");
    return `${from} may import ${list}, not ${to}: pass what it needs in from main.ts instead`;
  }
  const isFront = one.target === `${to}/index.ts` || wiring.includes(to);
  if (isFront || from === "tests") return null;
  return `import ${to} through its front file ${to}/index.ts, not ${one.target}`;
}

function judgePackage(one: Import): string | null {
  const from = roomOf(one.from);
  if (from === "machines") {
    if (!purePackages.includes(one.target)) {
      return `machines is pure and imports ${purePackages.join(", ")} only, not ${one.target}`;
    }
    const impure = one.names.filter((name) => !pureCrypto.includes(name));
    return one.target === "node:crypto" && impure.length > 0
      ? `machines takes only ${pureCrypto.join(", ")} from node:crypto, not ${impure.join(", ")}`
      : null;
  }
  const allowed = packageTable[one.target];
  if (allowed === undefined || wiring.includes(from) || allowed.includes(from)) return null;
  return `${one.target} belongs to ${allowed.join(", ")}: go through that room's front file`;
}

/** No file reaches itself through its imports. */
export function importCycles(repo: Repo): readonly Fault[] {
  const edges = new Map<string, Import[]>();
  for (const one of importsOf(repo)) {
    if (!one.isFile || !one.isCode) continue;
    edges.set(one.from, [...(edges.get(one.from) ?? []), one]);
  }
  const faults: Fault[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    for (const one of edges.get(path) ?? []) {
      const start = trail.indexOf(one.target);
      if (start >= 0) {
        const circle = [...trail.slice(start), one.target].join(" -> ");
        const advice = `import cycle ${circle}: move what both need into a file of its own`;
        faults.push({ path, line: one.line, advice });
      } else if (!done.has(one.target)) {
        visit(one.target, [...trail, one.target]);
      }
    }
    done.add(path);
  };
  for (const path of edges.keys()) if (!done.has(path)) visit(path, [path]);
  return faults;
}

const LAUNCHER = new RegExp(
  "^((package.json|console/index.html|Dockerfile|docker-compose.yml|.ci/run)$|" +
    String.raw`[\w-]+\.config\.)`,
);

/** Every code file is imported, started by a script or named by a configuration. */
export function deadFiles(repo: Repo): readonly Fault[] {
  const used = new Set(importsOf(repo).map((one) => one.target));
  const launchers = [...repo.texts].filter(([path]) => LAUNCHER.test(path));
  const launching = launchers.map(([, text]) => text).join("\n");
  const faults: Fault[] = [];
  for (const path of repo.sources.keys()) {
    const isRoot = /\.test\.ts$|(^|\/)[\w.-]+\.config\.[jt]s$/.test(path);
    const isLaunched = launching.includes(path) || launching.includes(asBuilt(path));
    if (isRoot || isLaunched || used.has(path)) continue;
    const advice = "nobody imports this file: delete it, or import it where it is needed";
    faults.push({ path, line: 1, advice });
  }
  return faults;
}

/** How a launcher names a file that it does not start as it lies there. */
function asBuilt(path: string): string {
  if (path.startsWith("console/")) return path.slice("console".length);
  return `dist/${path.replace(/\.ts$/, ".js")}`;
}
