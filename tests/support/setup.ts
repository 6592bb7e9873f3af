import fc from "fast-check";
import { afterAll } from "vitest";
import { disposeAll } from "./disposal.ts";

// The same cases in every run, so that what fails fails for a change; the long run tries new ones,
// and PROPERTY_SEED repeats the one that a failure names.
const seed = process.env["PROPERTY_SEED"] ?? (process.env["LONG"] === "1" ? null : "20261126");
if (seed !== null) fc.configureGlobal({ seed: Number(seed) });

// A worker runs many files and loads a module once, but this one anew for each of them.
afterAll(disposeAll);
