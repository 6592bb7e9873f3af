import type { builder } from "./builder.ts";

/** Which part of a list, as in Relay. */
export function pageArgs(t: Parameters<Parameters<typeof builder.queryFields>[0]>[0]) {
  return {
    first: t.arg.int({ description: "Rows from the start, at most 100." }),
    after: t.arg({ type: "Cursor" }),
    last: t.arg.int({ description: "Rows from the end, at most 100." }),
    before: t.arg({ type: "Cursor" }),
  };
}
