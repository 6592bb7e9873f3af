import { withDefaults } from "../../embedded/server-args.ts";

/** A small mongod that writes nothing it need not; a test may add to these or change them. */
export function mongodTestArgs(extraArgs: readonly string[] = []): string[] {
  const small = [
    ["--wiredTigerCacheSizeGB", "0.25"],
    ["--oplogSize", "256"],
  ] as const;
  const isSilent = ["--setParameter", "diagnosticDataCollectionEnabled=false"];
  return [...withDefaults(small, extraArgs), ...isSilent];
}
