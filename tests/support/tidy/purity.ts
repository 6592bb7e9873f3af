import ts from "typescript";
import { lineOf, nodesOf, roomOf, type Fault, type Repo } from "./repo.ts";

const IN_COMMAND = "let it arrive in the command or the event";

/** Names that read a clock, draw a number, wait or reach outside, and what to do instead. */
const impureCalls: Readonly<Record<string, string>> = {
  "Date.now": `machines reads no clock: ${IN_COMMAND} as \`now\``,
  "performance.now": `machines reads no clock: ${IN_COMMAND} as \`now\``,
  "Math.random": `machines draws no number: ${IN_COMMAND}`,
  randomUUID: `machines makes no random id: derive it by uuidv5 or ${IN_COMMAND}`,
  "crypto.randomUUID": `machines makes no random id: derive it by uuidv5 or ${IN_COMMAND}`,
  uuidv4: `machines makes no random id: derive it by uuidv5 or ${IN_COMMAND}`,
  setTimeout: "machines never waits: a deadline is data on a state (design 2)",
  setInterval: "machines never waits: a deadline is data on a state (design 2)",
  fetch: "machines does no I/O: a reaction sends a command, and the answer is an event",
};

/** machines/ is pure: no clock, no random number, no process, no console. */
export function purity(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    if (roomOf(path) !== "machines") continue;
    for (const node of nodesOf(source)) {
      const advice = impurityOf(node);
      if (advice !== null) faults.push({ path, line: lineOf(node), advice });
    }
  }
  return faults;
}

function impurityOf(node: ts.Node): string | null {
  if (ts.isCallExpression(node)) return impureCalls[node.expression.getText()] ?? null;
  if (ts.isNewExpression(node) && node.expression.getText() === "Date") {
    const isClock = (node.arguments?.length ?? 0) === 0;
    return isClock ? `new Date() reads the clock: ${IN_COMMAND} as \`now\`` : null;
  }
  if (ts.isPropertyAccessExpression(node)) {
    const owner = node.expression.getText();
    if (owner === "process") return "machines knows no process: pass the value in";
    if (owner === "console") return "machines says nothing: return it, and let the caller log it";
  }
  return null;
}

/** Where settings and the environment may be read: style.md, "Configuration is read once". */
const mayReadEnvironment =
  /^((config|main)\.ts|cli\/|bench\/|tests\/|embedded\/|[\w.-]+\.config\.[jt]s$)/;

/** `process.env` is read in config.ts and nowhere in a room. */
export function environment(repo: Repo): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [path, source] of repo.sources) {
    if (mayReadEnvironment.test(path)) continue;
    for (const node of nodesOf(source)) {
      if (!ts.isPropertyAccessExpression(node) || node.getText() !== "process.env") continue;
      const advice = "settings are read once, in config.ts: take the value as an option";
      faults.push({ path, line: lineOf(node), advice });
    }
  }
  return faults;
}
