import ts from "typescript";
import { faultsByLine, lineOf, nodesOf, roomOf, type Fault, type Repo } from "./repo.ts";

/** Words are written in halves here, so that the rules do not find themselves. */
const half = (left: string, right: string): string => `${left}${right}`;

const unfinished = new RegExp(
  `\\b(${[half("TO", "DO"), half("FIX", "ME"), half("HA", "CK")].join("|")})\\b`,
);
const machinePath = new RegExp(`(^|[\\s"'\`(=:])/(${half("wo", "rk")}|root|home|Users)/\\w`);
const registryHosts = [
  half("registry.npm", "js.org"),
  half("registry.yarn", "pkg.com"),
  half("pypi", ".org"),
  half("files.python", "hosted.org"),
  half("proxy.go", "lang.org"),
  half("sum.go", "lang.org"),
  half("deb.", "debian.org"),
];
const privateKey = half("-----BEGIN (RSA |EC )?PRIV", "ATE KEY-----");

/** Nothing unfinished, no path of one machine, no registry's address, no key is committed. */
export function bannedWords(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  const key = new RegExp(privateKey);
  for (const [path, text] of repo.texts) {
    if (path === "LICENSE") continue;
    const judged = faultsByLine(path, text, (line) => {
      if (unfinished.test(line)) return "main has no unfinished marks: finish it or open an issue";
      if (machinePath.test(line)) return "a path of one machine: make it relative or a setting";
      const host = registryHosts.find((one) => line.includes(one));
      if (host !== undefined) return "a registry's address: let the registry's client find it";
      return key.test(line) ? "a private key: make it at start-up or in the test" : null;
    });
    faults.push(...judged);
  }
  return faults;
}

/** Only programs speak to the console; a room logs through the logger it is given. */
export function consoleCalls(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    if (["cli", "bench"].includes(roomOf(path))) continue;
    for (const node of nodesOf(source)) {
      if (!ts.isPropertyAccessExpression(node) || node.expression.getText() !== "console") continue;
      const advice = "log through the pino logger that main.ts passes in";
      faults.push({ path, line: lineOf(node), advice });
    }
  }
  return faults;
}

/** No drawers for leftovers, and names in kebab-case. */
export function fileNames(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const path of repo.sources.keys()) {
    if (/(^|\/)(utils?|helpers?|types|misc)\.ts$|(^|\/)(common|utils|helpers)\//.test(path)) {
      const advice = "a helper lives beside its one user; at the second user it gets a named file";
      faults.push({ path, line: 1, advice });
    }
    if (!path.split("/").every((part) => /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/.test(part))) {
      faults.push({ path, line: 1, advice: "name files and folders in kebab-case" });
    }
  }
  return faults;
}

/** Named exports only, save where a tool demands a default: its configuration, vitest's set-up. */
export function defaultExports(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    if (/\.config\.[jt]s$|(^|\/)global-setup\.ts$/.test(path)) continue;
    for (const node of source.statements) {
      const isMarked = ts.canHaveModifiers(node)
        ? ts.getModifiers(node)?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword)
        : false;
      if (!ts.isExportAssignment(node) && isMarked !== true) continue;
      faults.push({ path, line: lineOf(node), advice: "export it by name, not as default" });
    }
  }
  return faults;
}

/** Tests use real servers, await conditions and have titles in the present tense. */
export function testHabits(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    if (!path.endsWith(".test.ts")) continue;
    for (const node of nodesOf(source)) {
      const advice = ts.isCallExpression(node) ? habitOf(node) : null;
      if (advice !== null) faults.push({ path, line: lineOf(node), advice });
    }
  }
  return faults;
}

function habitOf(call: ts.CallExpression): string | null {
  const callee = call.expression.getText();
  if (/^vi\.(mock|fn|spyOn)$/.test(callee))
    return "no mocks: use the real thing, or a plain object";
  if (/^(it|test|describe)\.only$/.test(callee)) return "run all tests: take .only away";
  if (/^(sleep|delay)$/.test(callee)) return "no sleeps: await a condition with eventually()";
  const first = call.arguments[0];
  if (first === undefined) return null;
  if (/^(it|test)\b/.test(callee) && ts.isStringLiteralLike(first)) {
    const isWish = /\bshould\b/i.test(first.text);
    return isWish ? 'say what it does in the present tense, without "should"' : null;
  }
  const isWait = callee === "setTimeout" && /^(resolve|done|r|res)$/.test(first.getText());
  return isWait ? "no sleeps: await a condition with eventually()" : null;
}
