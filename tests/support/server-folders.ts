/** Below these, a test needs servers; any other is one of `npm run test:quick`. */
export const serverFolders: readonly string[] = [
  "actors",
  "console",
  "embedded",
  "faults",
  "gateway",
  "journeys",
  "log",
  "payments",
  "privacy",
  "projections",
];
