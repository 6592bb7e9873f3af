import canonicalizeModule from "canonicalize";

/** JSON in its one canonical form (RFC 8785). Throws for what JSON cannot say. */
// canonicalize 2 is a CommonJS function whose type file claims an ES default export.
export const canonicalJson = canonicalizeModule as unknown as (value: object) => string;
