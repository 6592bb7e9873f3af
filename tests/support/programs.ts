import { join } from "node:path";
import { inject } from "vitest";
import type { ProgramName } from "./build-programs.ts";

/** The file of a program as this run of tests has built it, for Node to start. */
export function program(name: ProgramName): string {
  return join(inject("programs"), `${name}.js`);
}
