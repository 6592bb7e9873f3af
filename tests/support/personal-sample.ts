/** Personal fields as machines, log and projections know them: sealed, by nobody's key. */
export const sealedPersonal = {
  v: 1,
  key: "5d0f6a3e-6f0f-4f57-9a6d-0d3f1c1a2b3c",
  sealed: "c2VhbGVkLCBhbmQgbm9ib2R5IGhlcmUgbG9va3MgaW5zaWRl",
  country: "DE",
} as const;

/** A master key for tests, 32 bytes in base64. */
export const masterKey = Buffer.alloc(32, "a master key of the tests").toString("base64");
