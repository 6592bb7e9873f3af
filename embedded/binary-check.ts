import { access, constants } from "node:fs/promises";
import { runCommand } from "./run-command.ts";
import { isAtLeast } from "./versions.ts";

export type FindOptions = {
  /** The path of the program to use; nothing else is tried then. */
  binary?: string;
  cacheDir: string;
  report: (line: string) => void;
};

export type FoundBinary = { path: string; version: string; source: string };

/** One way to fetch a program; a throw says in one line why it did not work here. */
export type BinarySource = {
  title: string;
  /** Puts the program somewhere under `workDir` and answers its path. */
  fetch(workDir: string, report: (line: string) => void): Promise<string>;
};

export type BinarySpec = {
  name: string;
  product: string;
  versionFloor: string;
  /** Finds the version in what `name --version` prints. */
  versionPattern: RegExp;
  sources: readonly BinarySource[];
  /** What the user can do when nothing works. */
  advice: string;
};

export type BinaryCheck =
  { usable: true; version: string } | { usable: false; version?: string; reason: string };

/** Runs a program to learn its version; `reason` completes a sentence that begins with its path. */
export async function checkBinary(spec: BinarySpec, path: string): Promise<BinaryCheck> {
  if (!(await isExecutable(path))) {
    return { usable: false, reason: "does not exist or is not executable" };
  }
  const result = await runCommand(path, ["--version"], { timeoutMs: 10_000 });
  const version = result.ok ? spec.versionPattern.exec(result.stdout)?.[1] : undefined;
  if (version === undefined) {
    const said = result.lastLine === "" ? "it says nothing" : `it says "${result.lastLine}"`;
    return { usable: false, reason: `does not run as ${spec.name} (${said})` };
  }
  if (!isAtLeast(version, spec.versionFloor)) {
    const reason = `is ${spec.product} ${version}, but ${spec.versionFloor} or newer is needed`;
    return { usable: false, version, reason };
  }
  return { usable: true, version };
}

/** Whether this process may run the file at a path. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
