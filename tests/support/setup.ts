import { afterAll } from "vitest";
import { disposeAll } from "./disposal.ts";

// A worker runs many files and loads a module once, but this one anew for each of them.
afterAll(disposeAll);
